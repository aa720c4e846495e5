<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>BarcodeQuestion</name>
    <message>
        <source>Scan, or type the code</source>
        <translation>请扫码，或者键入编码</translation>
    </message>
</context>
<context>
    <name>BatchPage</name>
    <message>
        <source>Print many certificates</source>
        <translation>批量打印证明</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证照</translation>
    </message>
    <message>
        <source>Back to the certificates</source>
        <translation>返回证照页面</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Certificates not printed yet</source>
        <translation>尚未打印的证明</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>全不选</translation>
    </message>
    <message>
        <source>Print the ticked</source>
        <translation>打印所选</translation>
    </message>
    <message>
        <source>Save as PDFs ...</source>
        <translation>另存为 PDF…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Everything is printed</source>
        <translation>已全部打印</translation>
    </message>
    <message>
        <source>Certificates that decisions bring stand here until they are on paper.</source>
        <translation>审批决定产生的证明在打印之前会列在这里。</translation>
    </message>
    <message>
        <source>{n} of {all} ticked</source>
        <translation>已选 {n} / {all}</translation>
    </message>
    <message>
        <source>Folder for the PDFs</source>
        <translation>保存 PDF 的文件夹</translation>
    </message>
    <message>
        <source>Under way; other pages can be used meanwhile.</source>
        <translation>正在进行，期间可以使用其他页面。</translation>
    </message>
    <message>
        <source>Stopping; what the printer has already still ends.</source>
        <translation>正在停止；已交给打印机的仍会完成。</translation>
    </message>
    <message>
        <source>{n} of {all} done.</source>
        <translation>已完成 {n} / {all}。</translation>
    </message>
    <message>
        <source>{n} not printed: {why}</source>
        <translation>{n} 份未打印：{why}</translation>
    </message>
    <message>
        <source>Print all results</source>
        <translation>一并打印结果</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>办件</translation>
    </message>
    <message>
        <source>Back to the case</source>
        <translation>返回办件</translation>
    </message>
    <message>
        <source>Results of this application</source>
        <translation>这次申请的结果</translation>
    </message>
    <message>
        <source>Nothing to print yet</source>
        <translation>还没有可以打印的文书</translation>
    </message>
    <message>
        <source>What the departments decide stands here as soon as it has arrived.</source>
        <translation>各部门的决定传到后，文书列在这里。</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>文书</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Why are they printed again?</source>
        <translation>补打原因</translation>
    </message>
    <message>
        <source>Take the jobs back</source>
        <translation>撤回打印任务</translation>
    </message>
    <message>
        <source>Still being worked on: {services}</source>
        <translation>仍在办理：{services}</translation>
    </message>
    <message>
        <source>Say why they are printed again, then print.</source>
        <translation>请先填写补打原因，再打印。</translation>
    </message>
</context>
<context>
    <name>CalibratePage</name>
    <message>
        <source>Calibrate a printer</source>
        <translation>校准打印机</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>返回设置</translation>
    </message>
    <message>
        <source>1  Print the sheet on blank paper</source>
        <translation>1  用白纸打印校准页</translation>
    </message>
    <message>
        <source>2  Measure the crosses</source>
        <translation>2  测量十字位置</translation>
    </message>
    <message>
        <source>3  Keep the correction</source>
        <translation>3  保存校正</translation>
    </message>
    <message>
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message>
        <source>Paper tray</source>
        <translation>纸盒</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Print the sheet</source>
        <translation>打印校准页</translation>
    </message>
    <message>
        <source>Save the sheet ...</source>
        <translation>保存校准页…</translation>
    </message>
    <message>
        <source>Scan the sheet at 300 dpi or more, with something dark behind it, and let the crosses be found. Or measure each cross with a ruler from the left and the upper edge of the paper, to a tenth of a millimetre.</source>
        <translation>在校准页背后垫深色纸，以 300 dpi 以上扫描，由程序自动找出十字；或者用直尺从纸的左边缘和上边缘量出每个十字的位置，精确到 0.1 毫米。</translation>
    </message>
    <message>
        <source>Read from a scan ...</source>
        <translation>从扫描图读取…</translation>
    </message>
    <message>
        <source>Cross</source>
        <translation>十字</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>距左边缘</translation>
    </message>
    <message>
        <source>From above</source>
        <translation>距上边缘</translation>
    </message>
    <message>
        <source>Cross {n}, {side}</source>
        <translation>十字 {n}，{side}</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存校正</translation>
    </message>
    <message>
        <source>Print uncorrected again</source>
        <translation>恢复不校正</translation>
    </message>
    <message>
        <source>All templates of A4</source>
        <translation>所有 A4 模板</translation>
    </message>
    <message>
        <source>As the printer chooses</source>
        <translation>由打印机自动选择</translation>
    </message>
    <message>
        <source>Kept since {day}, misfit {worst} mm. Measure again to replace it.</source>
        <translation>已于 {day} 校正，最大误差 {worst} 毫米。重新测量可替换。</translation>
    </message>
    <message>
        <source>The printer shifts by {x} mm and {y} mm, stretches by {sx} % and {sy} %, tilts by {tilt} degrees. Misfit of the worst cross: {worst} mm.</source>
        <translation>打印机横向偏移 {x} 毫米、纵向偏移 {y} 毫米，横向伸缩 {sx} %、纵向伸缩 {sy} %，倾斜 {tilt} 度。最大误差 {worst} 毫米。</translation>
    </message>
    <message>
        <source>The values do not fit each other: measure the crosses once more.</source>
        <translation>各数值互相不吻合，请重新测量十字。</translation>
    </message>
    <message>
        <source>Printing ...</source>
        <translation>正在打印…</translation>
    </message>
    <message>
        <source>Given to {name}. Take the sheet, then measure.</source>
        <translation>已交给 {name}。请取出校准页后测量。</translation>
    </message>
    <message>
        <source>Save the calibration sheet</source>
        <translation>保存校准页</translation>
    </message>
    <message>
        <source>Scan of the calibration sheet</source>
        <translation>校准页的扫描图</translation>
    </message>
    <message>
        <source>Pictures ({kinds})</source>
        <translation>图片 ({kinds})</translation>
    </message>
    <message>
        <source>Looking for the crosses ...</source>
        <translation>正在寻找十字…</translation>
    </message>
    <message>
        <source>Kept. From now on this printer is corrected.</source>
        <translation>已保存，今后此打印机自动校正。</translation>
    </message>
    <message>
        <source>This printer prints uncorrected again.</source>
        <translation>此打印机已恢复不校正。</translation>
    </message>
</context>
<context>
    <name>CaseView</name>
    <message>
        <source>Cases</source>
        <translation>办件</translation>
    </message>
    <message>
        <source>Back to the cases</source>
        <translation>返回办件列表</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>办理经过</translation>
    </message>
    <message>
        <source>Materials</source>
        <translation>申请材料</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文书</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>办件</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>已收</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺少</translation>
    </message>
    <message>
        <source>This service asks for no papers.</source>
        <translation>本事项不需要提交材料。</translation>
    </message>
    <message>
        <source>printed {n} times</source>
        <translation>已打印 {n} 次</translation>
    </message>
    <message>
        <source>not printed yet</source>
        <translation>尚未打印</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Preview {title}</source>
        <translation>预览 {title}</translation>
    </message>
    <message>
        <source>The receipt appears here once the case is accepted.</source>
        <translation>受理之后，受理通知书会出现在这里。</translation>
    </message>
    <message>
        <source>Go on filling in</source>
        <translation>继续填写</translation>
    </message>
    <message>
        <source>Supplement</source>
        <translation>补正</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>送达</translation>
    </message>
    <message>
        <source>Not printed: {why}</source>
        <translation>未打印：{why}</translation>
    </message>
    <message>
        <source>Printing; not confirmed yet.</source>
        <translation>正在打印，尚未确认。</translation>
    </message>
    <message>
        <source>Delete the draft</source>
        <translation>删除暂存件</translation>
    </message>
    <message>
        <source>Delete this draft with all its answers</source>
        <translation>删除此暂存件及全部答案</translation>
    </message>
    <message>
        <source>Show numbers</source>
        <translation>显示号码</translation>
    </message>
    <message>
        <source>Show ID and telephone number</source>
        <translation>显示身份证号和电话</translation>
    </message>
    <message>
        <source>Show the whole numbers</source>
        <translation>显示完整号码</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Correct what was sent</source>
        <translation>更正已提交内容</translation>
    </message>
    <message>
        <source>Licence held, no paper needed</source>
        <translation>已有电子证照，免交</translation>
    </message>
    <message>
        <source>This case says otherwise than the resident base: {fields}</source>
        <translation>本件填写的内容与人口库不一致：{fields}</translation>
    </message>
    <message>
        <source>Update the resident base</source>
        <translation>更新人口库</translation>
    </message>
    <message>
        <source>The resident base is updated; this case stands as the material.</source>
        <translation>人口库已更新，依据为本办件。</translation>
    </message>
    <message>
        <source>Void since {why}</source>
        <translation>作废：{why}</translation>
    </message>
    <message>
        <source>Replaced by {number}</source>
        <translation>已由 {number} 替代</translation>
    </message>
    <message>
        <source>Takes the place of {number}</source>
        <translation>替代 {number}</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>换发</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>准予</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>不予</translation>
    </message>
    <message>
        <source>No receipt yet</source>
        <translation>尚未签收</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>已签收</translation>
    </message>
    <message>
        <source>{left} (until {day})</source>
        <translation>{left}（{day} 前）</translation>
    </message>
    <message>
        <source>Let the first decision stand</source>
        <translation>以先作的决定为准</translation>
    </message>
</context>
<context>
    <name>Cases</name>
    <message>
        <source>Not sent</source>
        <translation>未上传</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>办件</translation>
    </message>
    <message>
        <source>Case number, name or service</source>
        <translation>受理编号、姓名或事项</translation>
    </message>
    <message>
        <source>Search cases</source>
        <translation>查找办件</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>全部状态</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>暂存</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>办理中</translation>
    </message>
    <message>
        <source>Supplement requested</source>
        <translation>待补正</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>已决定</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已办结</translation>
    </message>
    <message>
        <source>Case number</source>
        <translation>受理编号</translation>
    </message>
    <message>
        <source>Applicant</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>办理期限</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>Last change</source>
        <translation>最近变动</translation>
    </message>
    <message>
        <source>{n} cases</source>
        <translation>共 {n} 件</translation>
    </message>
    <message>
        <source>No cases yet</source>
        <translation>还没有办件</translation>
    </message>
    <message>
        <source>A case appears here as soon as somebody starts to fill one in.</source>
        <translation>开始填写之后，办件就会出现在这里。</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>办事</translation>
    </message>
    <message>
        <source>No case fits</source>
        <translation>没有符合条件的办件</translation>
    </message>
    <message>
        <source>Change the words or show all cases.</source>
        <translation>请更改查找内容，或者显示全部办件。</translation>
    </message>
</context>
<context>
    <name>Catalogue</name>
    <message>
        <source>New case</source>
        <translation>办事</translation>
    </message>
    <message>
        <source>Name, pinyin or initials, e.g. gljt</source>
        <translation>名称、拼音或首字母，如 gljt</translation>
    </message>
    <message>
        <source>Search services</source>
        <translation>查找事项</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>办事指南</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始办理</translation>
    </message>
    <message>
        <source>No service found</source>
        <translation>没有找到事项</translation>
    </message>
    <message>
        <source>Try fewer letters, the pinyin initials, or the department's name.</source>
        <translation>请少输几个字，或者改用拼音首字母、部门名称查找。</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>找到 {n} 项</translation>
    </message>
    <message>
        <source>Most used first</source>
        <translation>常用事项在前</translation>
    </message>
    <message>
        <source>Materials</source>
        <translation>申请材料</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必交</translation>
    </message>
    <message>
        <source>Legal basis</source>
        <translation>设定依据</translation>
    </message>
    <message>
        <source>{n} working days</source>
        <translation>{n} 个工作日</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未规定</translation>
    </message>
    <message>
        <source>Promised limit</source>
        <translation>承诺时限</translation>
    </message>
    <message>
        <source>Statutory limit</source>
        <translation>法定时限</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>收费</translation>
    </message>
    <message>
        <source>free</source>
        <translation>不收费</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>办理结果</translation>
    </message>
    <message>
        <source>ODK project</source>
        <translation>ODK 项目</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Fetched</source>
        <translation>获取时间</translation>
    </message>
    <message>
        <source>This form comes from another server. What is accepted goes there alone, and not to the province. It can be filled in without a network.</source>
        <translation>此表单来自其他服务器，受理后只提交到该服务器，不提交省级平台；断网时也可填写。</translation>
    </message>
    <message>
        <source>Pilot</source>
        <translation>试点</translation>
    </message>
    <message>
        <source>This version is on trial. What you begin on it stays on it to the end.</source>
        <translation>此版本正在试点。用它开始办理的业务，会一直用它办完。</translation>
    </message>
    <message>
        <source>Services as of {when}.</source>
        <translation>事项目录更新于 {when}。</translation>
    </message>
    <message>
        <source>Services as they came with this program.</source>
        <translation>事项目录随本软件提供，尚未与省级平台核对。</translation>
    </message>
    <message>
        <source>That was {n} days ago. Work goes on; ask IT staff to connect this computer.</source>
        <translation>距今已有 {n} 天。业务可照常办理；请联系运维人员让本机连上省级平台。</translation>
    </message>
    <message>
        <source>One thing</source>
        <translation>一件事</translation>
    </message>
    <message>
        <source>Several services on one form, with one set of papers and one receipt.</source>
        <translation>多个事项，一张表单、一套材料、一张受理通知书。</translation>
    </message>
    <message>
        <source>Services in it</source>
        <translation>包含的事项</translation>
    </message>
    <message>
        <source>on request</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>always</source>
        <translation>必办</translation>
    </message>
</context>
<context>
    <name>Certificates</name>
    <message>
        <source>Certificates</source>
        <translation>证照</translation>
    </message>
    <message>
        <source>Verify a certificate</source>
        <translation>核验证照</translation>
    </message>
    <message>
        <source>Scan the code on the certificate, or paste what a scanner read. No network.</source>
        <translation>请扫描证照上的二维码，或者粘贴扫码内容。不需要网络。</translation>
    </message>
    <message>
        <source>Code of the certificate</source>
        <translation>证照编码</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>Scan or paste the code first.</source>
        <translation>请先扫描或者粘贴编码。</translation>
    </message>
    <message>
        <source>Verifying ...</source>
        <translation>正在核验…</translation>
    </message>
    <message>
        <source>Genuine and unchanged.</source>
        <translation>真实有效，未被改动。</translation>
    </message>
    <message>
        <source>Print many ...</source>
        <translation>批量打印…</translation>
    </message>
    <message>
        <source>Templates ...</source>
        <translation>模板设计…</translation>
    </message>
    <message>
        <source>Scan the code on the certificate, or bring a photo, a scan or the PDF: choose it, paste it, or drop it here. No network is needed.</source>
        <translation>扫描证明上的二维码；也可以选择、粘贴或拖入照片、扫描件或 PDF。不需要网络。</translation>
    </message>
    <message>
        <source>Picture or PDF ...</source>
        <translation>图片或 PDF…</translation>
    </message>
    <message>
        <source>Paste a picture</source>
        <translation>粘贴图片</translation>
    </message>
    <message>
        <source>This program does not open cameras itself: take the photo with the system's camera program and paste it here, or use a scanner.</source>
        <translation>本程序不直接打开摄像头：请用系统的相机程序拍照后粘贴到这里，或使用扫码枪。</translation>
    </message>
    <message>
        <source>Load a list ...</source>
        <translation>载入名单…</translation>
    </message>
    <message>
        <source>Load a list of keys and void certificates</source>
        <translation>载入密钥与作废名单</translation>
    </message>
    <message>
        <source>Void certificates are not known here yet: no list was taken over.</source>
        <translation>本机尚无作废名单：还没有载入过名单。</translation>
    </message>
    <message>
        <source>Known: {keys} keys, {voided} void certificates, as of {when}.</source>
        <translation>已知：{keys} 个密钥，{voided} 份作废证明，截至 {when}。</translation>
    </message>
    <message>
        <source>Copy a picture first, then paste it here.</source>
        <translation>请先复制图片，再粘贴到这里。</translation>
    </message>
    <message>
        <source>Compare the paper with this</source>
        <translation>请将纸面内容与下列信息核对</translation>
    </message>
    <message>
        <source>Picture or PDF of a certificate</source>
        <translation>证明的图片或 PDF</translation>
    </message>
    <message>
        <source>Pictures and PDF ({kinds})</source>
        <translation>图片和 PDF ({kinds})</translation>
    </message>
    <message>
        <source>List of keys and void certificates</source>
        <translation>密钥与作废名单</translation>
    </message>
    <message>
        <source>The list was taken over.</source>
        <translation>名单已载入。</translation>
    </message>
    <message>
        <source>Code that begins with LM1:</source>
        <translation>以 LM1: 开头的编码</translation>
    </message>
    <message>
        <source>Print many ({n}) ...</source>
        <translation>批量打印（{n}）…</translation>
    </message>
</context>
<context>
    <name>CheckListQuestion</name>
    <message>
        <source>Type to search the list</source>
        <translation>键入文字查找</translation>
    </message>
</context>
<context>
    <name>Contents</name>
    <message>
        <source>Table of contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>{answered} of {all} questions answered</source>
        <translation>已填 {answered} / {all} 项</translation>
    </message>
    <message>
        <source>{number} to correct</source>
        <translation>{number} 项待更正</translation>
    </message>
    <message>
        <source>{answered} of {all} answered</source>
        <translation>已填 {answered} / {all}</translation>
    </message>
</context>
<context>
    <name>DateQuestion</name>
    <message>
        <source>e.g. 2026-11-24</source>
        <translation>例如 2026-11-24</translation>
    </message>
    <message>
        <source>This is not a date. Write it like 2026-11-24 or 20261124.</source>
        <translation>这不是日期。请写成 2026-11-24 或者 20261124。</translation>
    </message>
    <message>
        <source>Open the calendar (F4)</source>
        <translation>打开日历（F4）</translation>
    </message>
</context>
<context>
    <name>DateTimeQuestion</name>
    <message>
        <source>e.g. 2026-11-24</source>
        <translation>例如 2026-11-24</translation>
    </message>
    <message>
        <source>e.g. 09:30</source>
        <translation>例如 09:30</translation>
    </message>
    <message>
        <source>This is not a date and time. Write 2026-11-24 and 09:30.</source>
        <translation>这不是日期和时间。请写成 2026-11-24 和 09:30。</translation>
    </message>
</context>
<context>
    <name>DecimalQuestion</name>
    <message>
        <source>Write a number, such as 12.5.</source>
        <translation>请填数字，例如 12.5。</translation>
    </message>
</context>
<context>
    <name>FormWindow</name>
    <message>
        <source>Nothing needs correcting.</source>
        <translation>没有需要更正的内容。</translation>
    </message>
    <message>
        <source>Keeping the file…</source>
        <translation>正在保存文件…</translation>
    </message>
    <message>
        <source>&amp;Accept</source>
        <translation>受理(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Read back</source>
        <translation>给群众核对(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Previous page</source>
        <translation>上一页(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Next page</source>
        <translation>下一页(&amp;N)</translation>
    </message>
    <message>
        <source>Go to the next one (F8)</source>
        <translation>转到下一处（F8）</translation>
    </message>
    <message>
        <source>Language of the form</source>
        <translation>表单语言</translation>
    </message>
    <message>
        <source>Saved {time}</source>
        <translation>已保存 {time}</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>尚未保存</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Not saved: {reason}</source>
        <translation>未保存：{reason}</translation>
    </message>
    <message>
        <source>To correct or fill in: {number}</source>
        <translation>需要更正或补填：{number} 项</translation>
    </message>
    <message>
        <source>Page {page} of {pages}</source>
        <translation>第 {page} 页，共 {pages} 页</translation>
    </message>
    <message>
        <source>Questions</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>{title}, part {part}</source>
        <translation>{title}，第 {part} 部分</translation>
    </message>
</context>
<context>
    <name>GeoRowsQuestion</name>
    <message>
        <source>One point a row: latitude and longitude. A map is not supported yet.</source>
        <translation>每行一个点：纬度和经度。暂不支持地图。</translation>
    </message>
    <message>
        <source>Write one point a row, such as 30.6592 104.0633.</source>
        <translation>每行写一个点，例如 30.6592 104.0633。</translation>
    </message>
    <message>
        <source>A line needs two points, an area three.</source>
        <translation>线至少要两个点，面至少要三个点。</translation>
    </message>
</context>
<context>
    <name>GeopointQuestion</name>
    <message>
        <source>Latitude °</source>
        <translation>纬度 °</translation>
    </message>
    <message>
        <source>Longitude °</source>
        <translation>经度 °</translation>
    </message>
    <message>
        <source>Altitude m</source>
        <translation>海拔（米）</translation>
    </message>
    <message>
        <source>Accuracy m</source>
        <translation>精度（米）</translation>
    </message>
    <message>
        <source>Write numbers, such as 30.6592 and 104.0633.</source>
        <translation>请填数字，例如 30.6592 和 104.0633。</translation>
    </message>
    <message>
        <source>Latitude is between -90 and 90 degrees.</source>
        <translation>纬度应在 -90 到 90 度之间。</translation>
    </message>
    <message>
        <source>Longitude is between -180 and 180 degrees.</source>
        <translation>经度应在 -180 到 180 度之间。</translation>
    </message>
</context>
<context>
    <name>IntegerQuestion</name>
    <message>
        <source>Write a whole number, such as 12.</source>
        <translation>请填整数，例如 12。</translation>
    </message>
</context>
<context>
    <name>ListQuestion</name>
    <message>
        <source>Type to search, or open the list</source>
        <translation>键入文字查找，或者展开列表</translation>
    </message>
    <message>
        <source>This is not in the list. Choose one of the list.</source>
        <translation>列表中没有这一项，请从列表中选择。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Lastmile</source>
        <translation>末端通办</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>办事</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>办件</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>待上传</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证照</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Find a case or service  (Ctrl+K)</source>
        <translation>查找办件或事项（Ctrl+K）</translation>
    </message>
    <message>
        <source>Find a case or service</source>
        <translation>查找办件或事项</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Lock the desk</source>
        <translation>锁定工作台</translation>
    </message>
    <message>
        <source>Not connected yet</source>
        <translation>尚未联网</translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>全部已上传</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>省级平台不接受本机</translation>
    </message>
    <message>
        <source>{n} to send</source>
        <translation>{n} 件待上传</translation>
    </message>
    <message>
        <source>Link: {state}</source>
        <translation>联网状态：{state}</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>The password is changed.</source>
        <translation>密码已修改。</translation>
    </message>
    <message>
        <source>Oversight</source>
        <translation>监督</translation>
    </message>
    <message>
        <source>Residents</source>
        <translation>人口库</translation>
    </message>
</context>
<context>
    <name>MonthQuestion</name>
    <message>
        <source>e.g. 2026-11</source>
        <translation>例如 2026-11</translation>
    </message>
    <message>
        <source>This is not a month. Write it like 2026-11.</source>
        <translation>这不是月份。请写成 2026-11。</translation>
    </message>
</context>
<context>
    <name>Outbox</name>
    <message>
        <source>Waiting</source>
        <translation>等待上传</translation>
    </message>
    <message>
        <source>Partly sent</source>
        <translation>部分已传</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>省级已签收</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>上传失败</translation>
    </message>
    <message>
        <source>Receipt {receipt}</source>
        <translation>签收回执 {receipt}</translation>
    </message>
    <message>
        <source>Goes out by itself with the next connection</source>
        <translation>下次联网时自动上传</translation>
    </message>
    <message>
        <source>Tried again by itself at {at}.</source>
        <translation>将于 {at} 自动重试。</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>待上传</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>立即上传</translation>
    </message>
    <message>
        <source>Open case</source>
        <translation>打开办件</translation>
    </message>
    <message>
        <source>Submissions on their way</source>
        <translation>待上传的提交</translation>
    </message>
    <message>
        <source>Case number</source>
        <translation>受理编号</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Accepted at</source>
        <translation>受理时间</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已传</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>What next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Nothing waits to be sent</source>
        <translation>没有待上传的办件</translation>
    </message>
    <message>
        <source>Accepted cases appear here until the province has acknowledged them.</source>
        <translation>已受理的办件会列在这里，直到省级平台签收。</translation>
    </message>
    <message>
        <source>No connection to the province. Nothing is lost; sending goes on later.</source>
        <translation>暂时连不上省级平台。数据都在本机，联网后自动继续上传。</translation>
    </message>
    <message>
        <source>Carry by stick</source>
        <translation>离线摆渡</translation>
    </message>
    <message>
        <source>For IT staff</source>
        <translation>运维信息</translation>
    </message>
    <message>
        <source>Show the last exchanges</source>
        <translation>显示最近的数据交换</translation>
    </message>
    <message>
        <source>Open the sign-in page</source>
        <translation>打开登录页面</translation>
    </message>
    <message>
        <source>Send files now</source>
        <translation>立即上传附件</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>重新发送</translation>
    </message>
    <message>
        <source>Server has it</source>
        <translation>服务器已接收</translation>
    </message>
    <message>
        <source>{project} says: {words}</source>
        <translation>“{project}”答复：{words}</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>办事</translation>
    </message>
    <message>
        <source>Next deadlines</source>
        <translation>临近期限</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>本机状况</translation>
    </message>
    <message>
        <source>Accepted today</source>
        <translation>今日受理</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>暂存</translation>
    </message>
    <message>
        <source>Due within 2 working days</source>
        <translation>2 个工作日内到期</translation>
    </message>
    <message>
        <source>Overdue</source>
        <translation>已超期</translation>
    </message>
    <message>
        <source>Supplements to fetch</source>
        <translation>待补正</translation>
    </message>
    <message>
        <source>To print</source>
        <translation>待打印</translation>
    </message>
    <message>
        <source>Not sent yet</source>
        <translation>未上传</translation>
    </message>
    <message>
        <source>Failed to send</source>
        <translation>上传失败</translation>
    </message>
    <message>
        <source>No case has a deadline now.</source>
        <translation>目前没有临近期限的办件。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open case {number}</source>
        <translation>打开办件 {number}</translation>
    </message>
    <message>
        <source>Never connected to the province</source>
        <translation>还没有连接过省级平台</translation>
    </message>
    <message>
        <source>Connected to the province</source>
        <translation>已连接省级平台</translation>
    </message>
    <message>
        <source>Exchanging with the province</source>
        <translation>正在与省级平台交换数据</translation>
    </message>
    <message>
        <source>Offline: work goes on, sending waits</source>
        <translation>离线：照常办理，联网后上传</translation>
    </message>
    <message>
        <source>The province refuses this computer</source>
        <translation>省级平台不接受本机</translation>
    </message>
    <message>
        <source>Last exchange: {at}</source>
        <translation>上次同步：{at}</translation>
    </message>
    <message>
        <source>Store encrypted and sound</source>
        <translation>数据库已加密，完好</translation>
    </message>
    <message>
        <source>The store needs attention</source>
        <translation>数据库需要处理</translation>
    </message>
    <message>
        <source>Call the helpdesk.</source>
        <translation>请联系运维人员。</translation>
    </message>
    <message>
        <source>Backup made</source>
        <translation>已备份</translation>
    </message>
    <message>
        <source>No backup yet</source>
        <translation>还没有备份</translation>
    </message>
    <message>
        <source>Ask IT staff to set one up.</source>
        <translation>请运维人员设置备份。</translation>
    </message>
    <message>
        <source>{n} cases were corrected at two windows and wait for a decision.</source>
        <translation>有 {n} 件办件在两个窗口被同时更正，等待处理。</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>去处理</translation>
    </message>
    <message>
        <source>{n} cases or residents were changed at two computers: please decide.</source>
        <translation>有 {n} 项办件或居民信息在两台电脑上被改得不一致，请核定。</translation>
    </message>
</context>
<context>
    <name>PrintPanel</name>
    <message>
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>份数</translation>
    </message>
    <message>
        <source>Pages to print</source>
        <translation>打印页码</translation>
    </message>
    <message>
        <source>All, or such as 1-2,4</source>
        <translation>全部，或如 1-2,4</translation>
    </message>
    <message>
        <source>Print on both sides</source>
        <translation>双面打印</translation>
    </message>
    <message>
        <source>Looking for printers ...</source>
        <translation>正在查找打印机…</translation>
    </message>
    <message>
        <source>Paper tray</source>
        <translation>纸盒</translation>
    </message>
    <message>
        <source>As the printer chooses</source>
        <translation>由打印机自动选择</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Case</source>
        <translation>办件</translation>
    </message>
    <message>
        <source>Back to the case</source>
        <translation>返回办件</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Why is it printed again?</source>
        <translation>补打原因</translation>
    </message>
    <message>
        <source>Save as PDF ...</source>
        <translation>另存为 PDF…</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>另存为 PDF</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Making the pages ...</source>
        <translation>正在生成页面…</translation>
    </message>
    <message>
        <source>Printed {n} times so far.</source>
        <translation>已打印 {n} 次。</translation>
    </message>
    <message>
        <source>Not printed yet.</source>
        <translation>尚未打印。</translation>
    </message>
    <message>
        <source>Page {n}</source>
        <translation>第 {n} 页</translation>
    </message>
    <message>
        <source>Say why it is printed again, then print.</source>
        <translation>请先填写补打原因，再打印。</translation>
    </message>
    <message>
        <source>Printing ...</source>
        <translation>正在打印…</translation>
    </message>
    <message>
        <source>Printed on {name}. Check the sheet before you hand it over.</source>
        <translation>已在打印机 {name} 上打印。请先检查纸张，再交给群众。</translation>
    </message>
    <message>
        <source>Given to the printer {name}. Say below what came out.</source>
        <translation>已交给打印机 {name}。请在下方确认是否出纸。</translation>
    </message>
    <message>
        <source>Take the job back</source>
        <translation>撤回打印任务</translation>
    </message>
    <message>
        <source>The sheet came out</source>
        <translation>已出纸</translation>
    </message>
    <message>
        <source>Nothing came out</source>
        <translation>未出纸</translation>
    </message>
    <message>
        <source>Noted as printed.</source>
        <translation>已登记为打印成功。</translation>
    </message>
    <message>
        <source>Noted as not printed.</source>
        <translation>已登记为未打印。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Not printed last time. {why}</source>
        <translation>上次未打印成功。{why}</translation>
    </message>
</context>
<context>
    <name>QuestionWidget</name>
    <message>
        <source>This question needs an answer.</source>
        <translation>此项必填。</translation>
    </message>
    <message>
        <source>This answer is not allowed here. Check it and correct it.</source>
        <translation>此项填写不符合要求，请核对后更正。</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>More help</source>
        <translation>更多说明</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>{label}, required</source>
        <translation>{label}，必填</translation>
    </message>
    <message>
        <source>{code} is a private character of an old system. Type {standard}.</source>
        <translation>{code} 是旧系统的自造字，请改用 {standard}。</translation>
    </message>
    <message>
        <source>No font can print {characters} yet. It is kept; tell IT staff in time.</source>
        <translation>字库还打不出 {characters}。内容已保留，请及早告知管理员补字。</translation>
    </message>
</context>
<context>
    <name>RangeQuestion</name>
    <message>
        <source>{start} to {end}</source>
        <translation>{start} 至 {end}</translation>
    </message>
    <message>
        <source>Write a number, such as 12.5.</source>
        <translation>请填数字，例如 12.5。</translation>
    </message>
</context>
<context>
    <name>RankQuestion</name>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Use this order</source>
        <translation>采用此顺序</translation>
    </message>
</context>
<context>
    <name>ReadBackWindow</name>
    <message>
        <source>Please check your answers</source>
        <translation>请核对您填写的内容</translation>
    </message>
    <message>
        <source>Hide personal &amp;numbers</source>
        <translation>隐藏证件号码(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
</context>
<context>
    <name>RepeatPanel</name>
    <message>
        <source>Nobody and nothing is listed here yet.</source>
        <translation>这里还没有内容。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add one more (Ctrl+Plus)</source>
        <translation>再添加一项（Ctrl+加号）</translation>
    </message>
    <message>
        <source>Remove the row</source>
        <translation>移除此行</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>{number} entries</source>
        <translation>共 {number} 项</translation>
    </message>
    <message>
        <source>Add: {title}</source>
        <translation>添加：{title}</translation>
    </message>
    <message>
        <source>Show as cards</source>
        <translation>以卡片显示</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove entry {number}</source>
        <translation>移除第 {number} 项</translation>
    </message>
</context>
<context>
    <name>RepeatTable</name>
    <message>
        <source>Entries as a table</source>
        <translation>表格形式的条目</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>after {n} minutes</source>
        <translation>{n} 分钟后</translation>
    </message>
    <message>
        <source>The system's default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>Folder of the camera or scanner</source>
        <translation>摄像头或扫描仪的文件夹</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Language and looks</source>
        <translation>语言与外观</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Lock when idle</source>
        <translation>无操作自动锁定</translation>
    </message>
    <message>
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message>
        <source>Scanner folder</source>
        <translation>扫描文件夹</translation>
    </message>
    <message>
        <source>Large type</source>
        <translation>大字模式</translation>
    </message>
    <message>
        <source>Choose ...</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose the scanner folder</source>
        <translation>选择扫描文件夹</translation>
    </message>
    <message>
        <source>Lastmile {version}. Free software under the Apache Licence 2.0.</source>
        <translation>末端通办 {version}。自由软件，采用 Apache 2.0 许可证。</translation>
    </message>
    <message>
        <source>Change my password ...</source>
        <translation>修改我的密码…</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Calibrate a printer ...</source>
        <translation>校准打印机…</translation>
    </message>
    <message>
        <source>Calibrate a printer</source>
        <translation>校准打印机</translation>
    </message>
    <message>
        <source>As the system says</source>
        <translation>按系统设置</translation>
    </message>
    <message>
        <source>Paid by data: files wait, cases go</source>
        <translation>按流量计费：办件先传，附件等待</translation>
    </message>
    <message>
        <source>Not paid by data: everything goes</source>
        <translation>不按流量计费：全部上传</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Forms of other servers</source>
        <translation>其他服务器的表单</translation>
    </message>
    <message>
        <source>Projects of ODK Central, KoboToolbox and Ona</source>
        <translation>ODK Central、KoboToolbox、Ona 项目</translation>
    </message>
    <message>
        <source>ODK projects ...</source>
        <translation>ODK 项目…</translation>
    </message>
    <message>
        <source>ODK projects</source>
        <translation>ODK 项目</translation>
    </message>
    <message>
        <source>The province announces version {version}. IT staff install it; without a network they bring it by stick.</source>
        <translation>省级平台已发布 {version} 版，请联系运维人员安装；本机不能联网的，由运维人员用优盘带来。</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>Opening the store ...</source>
        <translation>正在打开数据库…</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>请输入密码。</translation>
    </message>
    <message>
        <source>Try again in {n} s</source>
        <translation>请等 {n} 秒再试</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Lastmile</source>
        <translation>末端通办</translation>
    </message>
    <message>
        <source>The service window that works without a network</source>
        <translation>没有网络也能办事的服务窗口</translation>
    </message>
    <message>
        <source>Fill, accept and print offline; it is sent once there is a network</source>
        <translation>离线填写、受理、打印，联网后自动上传</translation>
    </message>
    <message>
        <source>Data stays encrypted on this computer; your password opens it</source>
        <translation>数据加密保存在本机，凭您的密码打开</translation>
    </message>
    <message>
        <source>Receipts and certificates print at once, and can be verified</source>
        <translation>受理通知书和证明当场打印，可以核验</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Demonstration: the password is {password}</source>
        <translation>演示环境，密码是 {password}</translation>
    </message>
</context>
<context>
    <name>SignatureQuestion</name>
    <message>
        <source>Use this signature</source>
        <translation>采用此签名</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
</context>
<context>
    <name>TimeQuestion</name>
    <message>
        <source>e.g. 09:30</source>
        <translation>例如 09:30</translation>
    </message>
    <message>
        <source>This is not a time. Write it like 09:30.</source>
        <translation>这不是时间。请写成 09:30。</translation>
    </message>
</context>
<context>
    <name>TriggerQuestion</name>
    <message>
        <source>Confirmed</source>
        <translation>已确认</translation>
    </message>
</context>
<context>
    <name>UnsupportedQuestion</name>
    <message>
        <source>This kind of question is not supported yet: {feature}. An answer that is already there is kept.</source>
        <translation>暂不支持这种题型：{feature}。已有的答案会保留。</translation>
    </message>
</context>
<context>
    <name>UploadQuestion</name>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>From camera or scanner</source>
        <translation>从摄像头或扫描仪</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>No file yet. Drop one here, or choose, paste or scan it.</source>
        <translation>还没有文件。请拖放到此处，或者选择、粘贴、扫描。</translation>
    </message>
    <message>
        <source>This file cannot be read. Choose it again.</source>
        <translation>无法读取此文件，请重新选择。</translation>
    </message>
    <message>
        <source>This file is too large: at most {most} MB.</source>
        <translation>文件太大：最多 {most} MB。</translation>
    </message>
    <message>
        <source>This file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>This question takes other files: {kinds}.</source>
        <translation>此项只接受这些文件：{kinds}。</translation>
    </message>
    <message>
        <source>The folder of the camera or scanner is empty.</source>
        <translation>摄像头或扫描仪的文件夹是空的。</translation>
    </message>
    <message>
        <source>There is no picture or file to paste.</source>
        <translation>没有可以粘贴的图片或文件。</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
</context>
<context>
    <name>YearQuestion</name>
    <message>
        <source>e.g. 2026</source>
        <translation>例如 2026</translation>
    </message>
    <message>
        <source>This is not a year. Write it like 2026.</source>
        <translation>这不是年份。请写成 2026。</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>The print job was cancelled; it does not count as printed.</source>
        <translation>打印任务已被取消，本次不计入打印份数。</translation>
    </message>
    <message>
        <source>Destroy any sheet that came out, then print again.</source>
        <translation>如已出纸，请销毁后重新打印。</translation>
    </message>
    <message>
        <source>The print system gave the job up; it does not count as printed.</source>
        <translation>打印系统放弃了该任务，本次不计入打印份数。</translation>
    </message>
    <message>
        <source>Look at the printer and destroy any spoilt sheet, then print again.</source>
        <translation>请检查打印机，销毁打坏的纸张后重新打印。</translation>
    </message>
    <message>
        <source>The print system no longer knows the job, so it is not known whether a sheet came out.</source>
        <translation>打印系统已查不到该任务，无法确认是否出纸。</translation>
    </message>
    <message>
        <source>Look at the printer, then say here whether the sheet came out.</source>
        <translation>请到打印机处查看，再在此确认是否出纸。</translation>
    </message>
    <message>
        <source>The print system of this computer does not answer.</source>
        <translation>本机的打印系统没有应答。</translation>
    </message>
    <message>
        <source>Wait a moment; restart the computer if it stays so. The copy stays counted.</source>
        <translation>请稍候；如一直如此，请重启电脑。本份仍计入打印份数。</translation>
    </message>
    <message>
        <source>The job is still waiting in the printer's queue.</source>
        <translation>任务仍在打印队列中等待。</translation>
    </message>
    <message>
        <source>Look at the printer, or take the job back. It prints by itself when its turn comes.</source>
        <translation>请查看打印机，或撤回任务。轮到时会自动打印。</translation>
    </message>
    <message>
        <source>The printer has stopped.</source>
        <translation>打印机已停止。</translation>
    </message>
    <message>
        <source>Look at its display. The job goes on once the printer does; or take it back.</source>
        <translation>请查看打印机显示屏。打印机恢复后任务会继续，也可以撤回任务。</translation>
    </message>
    <message>
        <source>The printer is paused.</source>
        <translation>打印机已暂停。</translation>
    </message>
    <message>
        <source>Let it go on in the computer's printer settings; or take the job back.</source>
        <translation>请在电脑的打印机设置中恢复打印，或撤回任务。</translation>
    </message>
    <message>
        <source>The printer is out of paper.</source>
        <translation>打印机缺纸。</translation>
    </message>
    <message>
        <source>Put paper in; the job then goes on by itself.</source>
        <translation>请放入纸张，任务会自动继续。</translation>
    </message>
    <message>
        <source>Paper is jammed in the printer.</source>
        <translation>打印机卡纸。</translation>
    </message>
    <message>
        <source>Take the jammed sheet out and see which pages came out.</source>
        <translation>请取出卡住的纸，并核对已打出的页。</translation>
    </message>
    <message>
        <source>A cover of the printer is open.</source>
        <translation>打印机盖板未关。</translation>
    </message>
    <message>
        <source>Close it; the job then goes on by itself.</source>
        <translation>请关好盖板，任务会自动继续。</translation>
    </message>
    <message>
        <source>The printer is out of toner or ink.</source>
        <translation>打印机墨粉或墨水用尽。</translation>
    </message>
    <message>
        <source>Change the cartridge; the job then goes on by itself.</source>
        <translation>请更换墨盒或粉盒，任务会自动继续。</translation>
    </message>
    <message>
        <source>The printer cannot be reached.</source>
        <translation>连接不上打印机。</translation>
    </message>
    <message>
        <source>Switch it on and look at its cable or network; the job then goes on by itself.</source>
        <translation>请打开打印机电源并检查连线或网络，任务会自动继续。</translation>
    </message>
    <message>
        <source>This printer has no paper of the document's size.</source>
        <translation>该打印机没有此文书尺寸的纸张。</translation>
    </message>
    <message>
        <source>Choose another printer, or set the size up in the computer's printer settings.</source>
        <translation>请换一台打印机，或在电脑的打印机设置中添加该纸张尺寸。</translation>
    </message>
    <message>
        <source>The document has no such pages.</source>
        <translation>文书中没有这些页。</translation>
    </message>
    <message>
        <source>Type pages such as 1-2,4 or leave the field empty for all.</source>
        <translation>请按“1-2,4”的格式填写页码，留空则打印全部。</translation>
    </message>
    <message>
        <source>The job could not be taken back; it may have ended already.</source>
        <translation>任务无法撤回，可能已经结束。</translation>
    </message>
    <message>
        <source>Look at the printer.</source>
        <translation>请到打印机处查看。</translation>
    </message>
    <message>
        <source>Something unforeseen happened (code {code}).</source>
        <translation>发生了意外情况（代码 {code}）。</translation>
    </message>
    <message>
        <source>What you entered is kept. Tell the helpdesk this code if it happens again.</source>
        <translation>您录入的内容都在。如果再次发生，请把代码告诉运维人员。</translation>
    </message>
    <message>
        <source>No printer is set up on this computer.</source>
        <translation>这台电脑上没有打印机。</translation>
    </message>
    <message>
        <source>Save the document as a PDF, or add a printer.</source>
        <translation>请另存为 PDF，或者添加打印机。</translation>
    </message>
    <message>
        <source>The printer did not take the job.</source>
        <translation>打印机没有接收这次打印。</translation>
    </message>
    <message>
        <source>Look at paper and cable, then print again.</source>
        <translation>请检查纸张和连线，然后重新打印。</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>文件没有写成。</translation>
    </message>
    <message>
        <source>Choose another folder and save again.</source>
        <translation>请换一个文件夹再保存。</translation>
    </message>
    <message>
        <source>This office's profile is already open.</source>
        <translation>本单位的工作目录已经打开。</translation>
    </message>
    <message>
        <source>Use the window that is open.</source>
        <translation>请使用已经打开的窗口。</translation>
    </message>
    <message>
        <source>The password is not right.</source>
        <translation>密码不正确。</translation>
    </message>
    <message>
        <source>Type it again; mind capital letters.</source>
        <translation>请重新输入，注意大小写。</translation>
    </message>
    <message>
        <source>The exchange with the province failed.</source>
        <translation>与省级平台的交换失败。</translation>
    </message>
    <message>
        <source>It is tried again by itself.</source>
        <translation>系统会自动重试。</translation>
    </message>
    <message>
        <source>The province cannot be reached.</source>
        <translation>连不上省级平台。</translation>
    </message>
    <message>
        <source>Work goes on; sending goes on by itself once there is a network.</source>
        <translation>可以照常办理，联网后自动继续上传。</translation>
    </message>
    <message>
        <source>Something else answers in the province's place, perhaps a log-in page of the network.</source>
        <translation>代替省级平台应答的是别的网页，可能是网络登录页。</translation>
    </message>
    <message>
        <source>Open a browser, log in to the network, then send again.</source>
        <translation>请用浏览器登录网络，再重新上传。</translation>
    </message>
    <message>
        <source>The province returned this record: {reason}</source>
        <translation>省级平台退回了这件：{reason}</translation>
    </message>
    <message>
        <source>Open the record, correct it and submit it again.</source>
        <translation>请打开办件，更正后重新提交。</translation>
    </message>
    <message>
        <source>The connection to the province is not safe, so nothing was sent.</source>
        <translation>与省级平台的连接不安全，没有发送任何内容。</translation>
    </message>
    <message>
        <source>Check this computer's date; otherwise call IT staff.</source>
        <translation>请检查本机日期；如果日期正确，请联系运维人员。</translation>
    </message>
    <message>
        <source>The province no longer accepts this computer.</source>
        <translation>省级平台不再接受本机。</translation>
    </message>
    <message>
        <source>Call IT staff for a new enrolment code.</source>
        <translation>请向运维人员申请新的登记码。</translation>
    </message>
    <message>
        <source>At the province this case belongs to another office.</source>
        <translation>在省级平台上，这件属于另一个单位。</translation>
    </message>
    <message>
        <source>Call the helpdesk with the case number.</source>
        <translation>请把受理编号告诉运维人员。</translation>
    </message>
    <message>
        <source>The province holds another content under this case's id.</source>
        <translation>省级平台上同一编号的内容与本机不同。</translation>
    </message>
    <message>
        <source>Nothing was overwritten. Call the helpdesk with the case number.</source>
        <translation>没有覆盖任何内容。请把受理编号告诉运维人员。</translation>
    </message>
    <message>
        <source>The record or a file is larger than the province takes.</source>
        <translation>提交内容或者文件超过省级平台的限制。</translation>
    </message>
    <message>
        <source>Scan the papers again at a lower resolution.</source>
        <translation>请用较低的分辨率重新扫描材料。</translation>
    </message>
    <message>
        <source>The province is busy.</source>
        <translation>省级平台正忙。</translation>
    </message>
    <message>
        <source>It is tried again by itself in {wait_s} seconds.</source>
        <translation>{wait_s} 秒后自动重试。</translation>
    </message>
    <message>
        <source>The province had a fault of its own ({status}).</source>
        <translation>省级平台自身出现故障（{status}）。</translation>
    </message>
    <message>
        <source>The province gave an answer that is not understood ({status}).</source>
        <translation>省级平台的应答无法识别（{status}）。</translation>
    </message>
    <message>
        <source>It is tried again by itself; call the helpdesk if it stays.</source>
        <translation>系统会自动重试；如果一直如此，请联系运维人员。</translation>
    </message>
    <message>
        <source>The receipt was not signed by the province, so the case counts as not sent.</source>
        <translation>回执不是省级平台签发的，这件仍按未上传处理。</translation>
    </message>
    <message>
        <source>Call IT staff at once.</source>
        <translation>请立即联系运维人员。</translation>
    </message>
    <message>
        <source>The enrolment code is unknown, used or over.</source>
        <translation>登记码不存在、已使用或者已过期。</translation>
    </message>
    <message>
        <source>Ask the province for a new code.</source>
        <translation>请向省级平台申请新的登记码。</translation>
    </message>
    <message>
        <source>This computer has not been enrolled with the province.</source>
        <translation>本机还没有在省级平台登记。</translation>
    </message>
    <message>
        <source>Enter the enrolment code in the settings.</source>
        <translation>请在设置中输入登记码。</translation>
    </message>
    <message>
        <source>A file of this record is missing or was changed: {name}</source>
        <translation>这件的文件缺失或者被改动：{name}</translation>
    </message>
    <message>
        <source>Open the case and attach the file again.</source>
        <translation>请打开办件，重新添加文件。</translation>
    </message>
    <message>
        <source>The network's proxy refuses the connection.</source>
        <translation>网络代理拒绝连接。</translation>
    </message>
    <message>
        <source>Call IT staff about the proxy.</source>
        <translation>请联系运维人员检查代理设置。</translation>
    </message>
    <message>
        <source>The province asks to read its messages from the beginning.</source>
        <translation>省级平台要求从头读取消息。</translation>
    </message>
    <message>
        <source>Nothing to do: this happens by itself.</source>
        <translation>不用操作，系统自动完成。</translation>
    </message>
    <message>
        <source>The province's address is not a safe one.</source>
        <translation>省级平台的地址不安全。</translation>
    </message>
    <message>
        <source>Ask IT staff for an address that begins with https://.</source>
        <translation>请向运维人员索取以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>The document could not be made.</source>
        <translation>文书没有生成。</translation>
    </message>
    <message>
        <source>Try again; call the helpdesk if it stays.</source>
        <translation>请重试；如果仍然不行，请联系运维人员。</translation>
    </message>
    <message>
        <source>Call IT staff to add a font that has them.</source>
        <translation>请联系运维人员安装含有这些字的字体。</translation>
    </message>
    <message>
        <source>The template of this document cannot be used: {reason}</source>
        <translation>这份文书的模板不能使用：{reason}</translation>
    </message>
    <message>
        <source>Call IT staff; the service's package needs mending.</source>
        <translation>请联系运维人员修复事项包。</translation>
    </message>
    <message>
        <source>A value that this document needs is missing.</source>
        <translation>文书需要的内容不全。</translation>
    </message>
    <message>
        <source>Open the case, complete it and print again.</source>
        <translation>请打开办件补全后再打印。</translation>
    </message>
    <message>
        <source>A text is too long for its place on paper: {field}</source>
        <translation>文字太长，纸上放不下：{field}</translation>
    </message>
    <message>
        <source>Shorten the text, or call IT staff.</source>
        <translation>请缩短文字，或者联系运维人员。</translation>
    </message>
    <message>
        <source>The finished page does not read as it should, so it was not handed out.</source>
        <translation>生成的页面与内容不一致，因此没有输出。</translation>
    </message>
    <message>
        <source>Call IT staff; do not use the page.</source>
        <translation>请联系运维人员，不要使用该页面。</translation>
    </message>
    <message>
        <source>The fonts of this program are incomplete: {name}</source>
        <translation>程序字体不完整：{name}</translation>
    </message>
    <message>
        <source>Install the program again.</source>
        <translation>请重新安装程序。</translation>
    </message>
    <message>
        <source>The part that draws pages is of an unknown version.</source>
        <translation>页面组件的版本无法识别。</translation>
    </message>
    <message>
        <source>The photo or seal cannot be printed.</source>
        <translation>照片或印章图片无法打印。</translation>
    </message>
    <message>
        <source>Use a PNG or JPEG picture of the usual size.</source>
        <translation>请使用大小正常的 PNG 或 JPEG 图片。</translation>
    </message>
    <message>
        <source>The file carries no signature that can be checked.</source>
        <translation>文件没有可以核验的签名。</translation>
    </message>
    <message>
        <source>Ask for the signed file.</source>
        <translation>请索取带签名的文件。</translation>
    </message>
    <message>
        <source>The file was changed after it was signed.</source>
        <translation>文件在签名后被改动过。</translation>
    </message>
    <message>
        <source>Do not accept it; ask for the original.</source>
        <translation>不要采信，请索取原件。</translation>
    </message>
    <message>
        <source>The file is whole, but it was signed by nobody this office knows.</source>
        <translation>文件完整，但签名者不是本单位认识的机构。</translation>
    </message>
    <message>
        <source>Ask the office that issued it.</source>
        <translation>请向出具单位核实。</translation>
    </message>
    <message>
        <source>The file is not an OFD, or it is damaged.</source>
        <translation>文件不是 OFD，或已损坏。</translation>
    </message>
    <message>
        <source>Ask for the file again.</source>
        <translation>请重新索取文件。</translation>
    </message>
    <message>
        <source>The OFD unpacks to more than it should; it was not opened.</source>
        <translation>OFD 解压后大小异常，未打开。</translation>
    </message>
    <message>
        <source>Ask where it comes from before you open it elsewhere.</source>
        <translation>先问清来源，再在别处打开。</translation>
    </message>
    <message>
        <source>The certificate cannot be accepted.</source>
        <translation>这份证照不能采信。</translation>
    </message>
    <message>
        <source>Ask for the original, or check on the province's page.</source>
        <translation>请要求出示原件，或者到省级平台网页核验。</translation>
    </message>
    <message>
        <source>This certificate was not issued by the authority it names.</source>
        <translation>这份证照不是所称机关签发的。</translation>
    </message>
    <message>
        <source>Do not accept it; tell your supervisor.</source>
        <translation>请不要采信，并报告值班主任。</translation>
    </message>
    <message>
        <source>The code cannot be read as a certificate, or the certificate was changed.</source>
        <translation>编码不是有效证照，或者证照内容被改动。</translation>
    </message>
    <message>
        <source>Scan it once more; if it stays, do not accept it.</source>
        <translation>请再扫一次；如果仍然如此，请不要采信。</translation>
    </message>
    <message>
        <source>The certificate is genuine but was valid only until {valid_until}.</source>
        <translation>证照真实，但有效期到 {valid_until} 为止。</translation>
    </message>
    <message>
        <source>Ask for a new one.</source>
        <translation>请重新申领。</translation>
    </message>
    <message>
        <source>This office does not hold the key of the authority that issued it.</source>
        <translation>本单位没有签发机关的验证密钥。</translation>
    </message>
    <message>
        <source>Connect to the province once, then verify again.</source>
        <translation>请先与省级平台同步一次，再核验。</translation>
    </message>
    <message>
        <source>The form cannot be used.</source>
        <translation>表单无法使用。</translation>
    </message>
    <message>
        <source>Call IT staff with this code.</source>
        <translation>请把代码告诉运维人员。</translation>
    </message>
    <message>
        <source>The form or draft is damaged and cannot be read.</source>
        <translation>表单或者暂存件已损坏，无法读取。</translation>
    </message>
    <message>
        <source>The form is larger than any form needs to be.</source>
        <translation>表单超过允许的大小。</translation>
    </message>
    <message>
        <source>The form has a fault at line {line}: {reason}</source>
        <translation>表单第 {line} 行有错误：{reason}</translation>
    </message>
    <message>
        <source>The form needs something that is not supported yet: {feature}</source>
        <translation>表单用到了暂不支持的功能：{feature}</translation>
    </message>
    <message>
        <source>Call IT staff; the form has to be changed.</source>
        <translation>请联系运维人员修改表单。</translation>
    </message>
    <message>
        <source>Calculations of the form wait for each other.</source>
        <translation>表单的计算互相等待。</translation>
    </message>
    <message>
        <source>A list that the form needs is missing: {name}</source>
        <translation>缺少表单需要的列表：{name}</translation>
    </message>
    <message>
        <source>Install the service's package again.</source>
        <translation>请重新安装事项包。</translation>
    </message>
    <message>
        <source>A rule of the form cannot be read.</source>
        <translation>表单的一条规则无法读取。</translation>
    </message>
    <message>
        <source>A rule of the form uses an unknown function: {name}</source>
        <translation>表单的规则用到了未知函数：{name}</translation>
    </message>
    <message>
        <source>A rule of the form does not work on these answers.</source>
        <translation>表单的一条规则不能用于现有答案。</translation>
    </message>
    <message>
        <source>What you entered is kept. Call IT staff.</source>
        <translation>您录入的内容都在。请联系运维人员。</translation>
    </message>
    <message>
        <source>The answer is not of the kind that is asked for.</source>
        <translation>答案不符合题目的类型。</translation>
    </message>
    <message>
        <source>Correct the answer.</source>
        <translation>请更正答案。</translation>
    </message>
    <message>
        <source>This question is not in the form now.</source>
        <translation>表单中现在没有这个问题。</translation>
    </message>
    <message>
        <source>Go on with the questions that are shown.</source>
        <translation>请继续填写显示的问题。</translation>
    </message>
    <message>
        <source>The form does not allow this here.</source>
        <translation>表单不允许在此处这样操作。</translation>
    </message>
    <message>
        <source>Go on with the other questions.</source>
        <translation>请继续填写其他问题。</translation>
    </message>
    <message>
        <source>This office is not set up on this computer yet.</source>
        <translation>本机还没有建立本单位的数据。</translation>
    </message>
    <message>
        <source>Set it up first, or choose its folder.</source>
        <translation>请先完成初始设置，或者选择已有的数据文件夹。</translation>
    </message>
    <message>
        <source>An office is set up in this folder already.</source>
        <translation>这个文件夹里已经有本单位的数据。</translation>
    </message>
    <message>
        <source>Nothing was changed. Sign in, or choose another folder.</source>
        <translation>没有做任何改动。请登录，或者换一个文件夹。</translation>
    </message>
    <message>
        <source>The office's data is open in another window or program.</source>
        <translation>本单位的数据正被另一个窗口或程序使用。</translation>
    </message>
    <message>
        <source>Close it there, then try again.</source>
        <translation>请先在那边关闭，再重试。</translation>
    </message>
    <message>
        <source>The data was written by a newer version of Lastmile.</source>
        <translation>数据由更新版本的末端通办写入。</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask IT staff to update the program.</source>
        <translation>没有做任何改动。请运维人员升级程序。</translation>
    </message>
    <message>
        <source>The data file is damaged.</source>
        <translation>数据文件已损坏。</translation>
    </message>
    <message>
        <source>The data folder cannot be written to.</source>
        <translation>数据文件夹无法写入。</translation>
    </message>
    <message>
        <source>Call IT staff: the folder's permissions must be mended.</source>
        <translation>请联系运维人员检查文件夹权限。</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>What was saved is safe. Free some space, then repeat the last step.</source>
        <translation>已保存的内容都在。请腾出空间，再重做上一步。</translation>
    </message>
    <message>
        <source>Login or password is not right.</source>
        <translation>账号或密码不对。</translation>
    </message>
    <message>
        <source>Type both again; mind capital letters.</source>
        <translation>请重新输入，注意大小写。</translation>
    </message>
    <message>
        <source>Too many wrong tries.</source>
        <translation>输错次数过多。</translation>
    </message>
    <message>
        <source>Wait {wait_s} seconds, then try again.</source>
        <translation>请等 {wait_s} 秒后再试。</translation>
    </message>
    <message>
        <source>This login is locked after too many wrong tries.</source>
        <translation>这个账号输错次数过多，已锁定。</translation>
    </message>
    <message>
        <source>Ask the supervisor to unlock it.</source>
        <translation>请值班主任解锁。</translation>
    </message>
    <message>
        <source>This data belongs to another computer.</source>
        <translation>这份数据属于另一台电脑。</translation>
    </message>
    <message>
        <source>IT staff can bind it to this one with the office code from the safe.</source>
        <translation>运维人员可以用保险柜里的单位恢复码绑定到本机。</translation>
    </message>
    <message>
        <source>The key file is damaged or was altered.</source>
        <translation>密钥文件已损坏或被改动。</translation>
    </message>
    <message>
        <source>Do not delete anything. Call IT staff.</source>
        <translation>请不要删除任何文件，联系运维人员。</translation>
    </message>
    <message>
        <source>An older key file was put in place of the newest one.</source>
        <translation>密钥文件被换成了旧的。</translation>
    </message>
    <message>
        <source>Call IT staff: the newest key file must be put back.</source>
        <translation>请联系运维人员放回最新的密钥文件。</translation>
    </message>
    <message>
        <source>The password is too easy to guess.</source>
        <translation>密码太容易被猜到。</translation>
    </message>
    <message>
        <source>Take at least {least} characters that nobody would guess.</source>
        <translation>请至少用 {least} 个字符，不要用常见密码。</translation>
    </message>
    <message>
        <source>This login is taken.</source>
        <translation>这个账号名已被使用。</translation>
    </message>
    <message>
        <source>Choose another login.</source>
        <translation>请换一个账号名。</translation>
    </message>
    <message>
        <source>This is the last administrator.</source>
        <translation>这是最后一名管理员。</translation>
    </message>
    <message>
        <source>Make somebody else administrator first.</source>
        <translation>请先设置另一名管理员。</translation>
    </message>
    <message>
        <source>This draft is not here any more.</source>
        <translation>这份暂存件已经不在了。</translation>
    </message>
    <message>
        <source>It was accepted or deleted meanwhile; look among the cases.</source>
        <translation>它已被受理或删除，请到办件列表里查看。</translation>
    </message>
    <message>
        <source>This case is not on this computer.</source>
        <translation>本机没有这个办件。</translation>
    </message>
    <message>
        <source>Search by its number, or ask at the window that accepted it.</source>
        <translation>请按编号查找，或到受理窗口询问。</translation>
    </message>
    <message>
        <source>This draft belongs to another operator.</source>
        <translation>这份暂存件属于另一位操作员。</translation>
    </message>
    <message>
        <source>Take it over first; that is put on record.</source>
        <translation>请先接手，接手会留下记录。</translation>
    </message>
    <message>
        <source>No leased numbers are left.</source>
        <translation>号段已用完。</translation>
    </message>
    <message>
        <source>Connect to the province to get new ones.</source>
        <translation>请联网向省级平台申领新的号段。</translation>
    </message>
    <message>
        <source>A file of this case is not here any more.</source>
        <translation>这个办件的一个文件不在了。</translation>
    </message>
    <message>
        <source>Add the file again.</source>
        <translation>请重新添加该文件。</translation>
    </message>
    <message>
        <source>A file of this case is damaged.</source>
        <translation>这个办件的一个文件已损坏。</translation>
    </message>
    <message>
        <source>This certificate is not on this computer.</source>
        <translation>本机没有这张证明。</translation>
    </message>
    <message>
        <source>Check the number, or send and receive once more.</source>
        <translation>请核对编号，或者再同步一次。</translation>
    </message>
    <message>
        <source>The backup cannot be used.</source>
        <translation>这份备份无法使用。</translation>
    </message>
    <message>
        <source>Nothing was changed. Try an older backup.</source>
        <translation>没有做任何改动。请试更早的备份。</translation>
    </message>
    <message>
        <source>There is no such service here.</source>
        <translation>本机没有这个事项。</translation>
    </message>
    <message>
        <source>Search for it by name, or ask IT staff to install it.</source>
        <translation>请按名称查找，或者请运维人员安装。</translation>
    </message>
    <message>
        <source>Your role may not do this.</source>
        <translation>您的角色不能做这一步。</translation>
    </message>
    <message>
        <source>Ask a supervisor.</source>
        <translation>请值班主任办理。</translation>
    </message>
    <message>
        <source>Something is still missing in this application.</source>
        <translation>这份申请还有内容没有填好。</translation>
    </message>
    <message>
        <source>Complete what is marked, then accept again.</source>
        <translation>请补全标出的内容，再次受理。</translation>
    </message>
    <message>
        <source>This cannot be done with the case as it stands.</source>
        <translation>按办件当前的状态不能做这一步。</translation>
    </message>
    <message>
        <source>Look at what has happened to the case, then choose another step.</source>
        <translation>请查看办理经过，再选择其他操作。</translation>
    </message>
    <message>
        <source>This document is not here.</source>
        <translation>没有这份文书。</translation>
    </message>
    <message>
        <source>Open the case and choose the document again.</source>
        <translation>请打开办件重新选择。</translation>
    </message>
    <message>
        <source>This office is not connected to a province.</source>
        <translation>本单位还没有接入省级平台。</translation>
    </message>
    <message>
        <source>Ask IT staff for an enrolment code.</source>
        <translation>请向运维人员索取接入码。</translation>
    </message>
    <message>
        <source>A certificate without a valid signature is not printed.</source>
        <translation>签名无效的证明不能打印。</translation>
    </message>
    <message>
        <source>Call the helpdesk with the certificate's number.</source>
        <translation>请把证明编号告诉运维人员。</translation>
    </message>
    <message>
        <source>The service package has no file {file}.</source>
        <translation>事项包缺少文件 {file}。</translation>
    </message>
    <message>
        <source>Ask whoever made the package to complete it.</source>
        <translation>请事项包的制作者补全。</translation>
    </message>
    <message>
        <source>The service package cannot be read: {file}, {place}.</source>
        <translation>事项包无法读取：{file}，{place}。</translation>
    </message>
    <message>
        <source>Ask whoever made the package to mend it.</source>
        <translation>请事项包的制作者修改。</translation>
    </message>
    <message>
        <source>The working days of {year} are not published yet.</source>
        <translation>{year} 年的工作日安排尚未公布。</translation>
    </message>
    <message>
        <source>The date is shown once the calendar has been updated.</source>
        <translation>日历更新后会显示日期。</translation>
    </message>
    <message>
        <source>This login or name cannot be used.</source>
        <translation>这个账号或姓名不能使用。</translation>
    </message>
    <message>
        <source>Give a name, and a login of 2 to 32 small letters, digits, dots or hyphens.</source>
        <translation>请填写姓名，账号用 2 到 32 个小写字母、数字、点或短横。</translation>
    </message>
    <message>
        <source>This file is no relay file, or it arrived damaged.</source>
        <translation>这不是离线摆渡文件，或文件已损坏。</translation>
    </message>
    <message>
        <source>Copy it again from the computer that wrote it.</source>
        <translation>请从写出它的电脑上重新复制。</translation>
    </message>
    <message>
        <source>This answer belongs to another computer.</source>
        <translation>这份回执属于另一台电脑。</translation>
    </message>
    <message>
        <source>Take it to the computer that wrote the bundle.</source>
        <translation>请带到导出摆渡包的那台电脑上导入。</translation>
    </message>
    <message>
        <source>A single file of {needed_mb} MB does not fit on this stick.</source>
        <translation>有一个 {needed_mb} MB 的文件放不进这个优盘。</translation>
    </message>
    <message>
        <source>Use a larger stick, or send this case over a network.</source>
        <translation>请换用更大的优盘，或联网后发送此办件。</translation>
    </message>
    <message>
        <source>The province has not told this computer its key for relay files yet.</source>
        <translation>省级平台尚未向本机提供摆渡包密钥。</translation>
    </message>
    <message>
        <source>Connect to a network once; it is fetched by itself.</source>
        <translation>联网一次即会自动获取。</translation>
    </message>
    <message>
        <source>Certificate {number} is genuine, but it was voided on {voided_on}.</source>
        <translation>证明 {number} 是真的，但已于 {voided_on} 作废。</translation>
    </message>
    <message>
        <source>Do not accept it; ask the holder for the one that replaces it.</source>
        <translation>请勿采用，请持有人出示补发的新证明。</translation>
    </message>
    <message>
        <source>The key that signed this certificate was revoked.</source>
        <translation>签发此证明的密钥已被吊销。</translation>
    </message>
    <message>
        <source>Do not accept it; ask the authority that issued it.</source>
        <translation>请勿采用，请向签发单位核实。</translation>
    </message>
    <message>
        <source>No code was found on it.</source>
        <translation>未在其中找到二维码。</translation>
    </message>
    <message>
        <source>Take the picture closer and straight, with the whole code in it, or use a scanner.</source>
        <translation>请靠近、摆正重拍，使二维码完整入镜，或改用扫码枪。</translation>
    </message>
    <message>
        <source>The file is neither a picture nor a PDF that can be opened.</source>
        <translation>此文件不是可以打开的图片或 PDF。</translation>
    </message>
    <message>
        <source>Choose a PNG, a JPEG or a PDF.</source>
        <translation>请选择 PNG、JPEG 或 PDF 文件。</translation>
    </message>
    <message>
        <source>The scan does not show the whole calibration sheet.</source>
        <translation>扫描图中看不到完整的校准页。</translation>
    </message>
    <message>
        <source>Scan it at 300 dpi with something dark behind it, so that all four edges are seen.</source>
        <translation>请在校准页背后垫深色纸，以 300 dpi 重新扫描，使四边都看得见。</translation>
    </message>
    <message>
        <source>Cross {number} of the calibration sheet was not found in the scan.</source>
        <translation>扫描图中找不到校准页的第 {number} 个十字。</translation>
    </message>
    <message>
        <source>See that it was printed whole and is clean, and scan again; or measure with a ruler.</source>
        <translation>请确认该十字打印完整、无污渍，重新扫描；也可改用直尺测量。</translation>
    </message>
    <message>
        <source>No printer strays as far as these values say.</source>
        <translation>没有打印机会偏到这些数值的程度。</translation>
    </message>
    <message>
        <source>Measure again from the left and the upper edge, in the order of the numbers on the sheet.</source>
        <translation>请按校准页上的编号顺序，从左边缘和上边缘重新测量。</translation>
    </message>
    <message>
        <source>The stick cannot be read or written.</source>
        <translation>优盘无法读写。</translation>
    </message>
    <message>
        <source>Push it in again, or take another one, and repeat. Nothing is lost.</source>
        <translation>请重新插好或更换优盘后重试，数据没有丢失。</translation>
    </message>
    <message>
        <source>Sign in again: it is made anew from backup and journal. If it stays so, call IT staff.</source>
        <translation>请重新登录，系统会用备份和日志自动重建数据。如仍不行，请联系运维人员。</translation>
    </message>
    <message>
        <source>The disk could not read or write.</source>
        <translation>磁盘读写失败。</translation>
    </message>
    <message>
        <source>What was saved is safe. Repeat the last step; if it fails again, call IT staff.</source>
        <translation>已保存的内容没有丢失。请重试上一步；若再次失败，请联系运维人员。</translation>
    </message>
    <message>
        <source>The disk is almost full ({free_mib} MB left), so nothing new is begun.</source>
        <translation>磁盘空间即将用尽（剩余 {free_mib} MB），暂停新办业务。</translation>
    </message>
    <message>
        <source>What is open can still be saved and sent. Free some space; work then goes on by itself.</source>
        <translation>已打开的内容仍可保存和上传。请清理磁盘，空间恢复后即可继续办理。</translation>
    </message>
    <message>
        <source>The data folder lies on a network drive, where it is not safe.</source>
        <translation>数据文件夹位于网络驱动器上，无法保证安全。</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a folder on this computer's own disk.</source>
        <translation>未作任何改动。请改用本机磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>Do not work on. IT staff can restore the newest backup.</source>
        <translation>请不要继续操作，由运维人员恢复最近的备份。</translation>
    </message>
    <message>
        <source>The list of keys and void certificates was not taken over: it is older than ours, or no key we know signed it.</source>
        <translation>未采用该密钥与作废名单：它比本机的旧，或不是由已知密钥签名。</translation>
    </message>
    <message>
        <source>Fetch a newer one from the province; if it stays, tell IT.</source>
        <translation>请从省级平台取较新的名单；若仍不行，请联系运维人员。</translation>
    </message>
    <message>
        <source>The list of keys and void certificates is older than ours, or signed by no key we know.</source>
        <translation>该密钥与作废名单比本机的旧，或不是由已知密钥签名，未采用。</translation>
    </message>
    <message>
        <source>This picture cannot be read, or is far too large.</source>
        <translation>这张图片无法读取，或尺寸过大。</translation>
    </message>
    <message>
        <source>Photograph or scan the paper again.</source>
        <translation>请重新拍照或扫描。</translation>
    </message>
    <message>
        <source>The province took no group of cases at once.</source>
        <translation>省级平台没有成批接收办件。</translation>
    </message>
    <message>
        <source>Nothing to do: they go one by one.</source>
        <translation>无需处理：将逐件发送。</translation>
    </message>
    <message>
        <source>The system's key store, which holds this computer's half of the keys, does not give it.</source>
        <translation>本机系统的密钥库没有交出开启数据所需的另一半密钥。</translation>
    </message>
    <message>
        <source>Unlock the system's key store (sign in to the computer again), then try again.</source>
        <translation>请解锁系统密钥库（重新登录电脑），然后再试。</translation>
    </message>
    <message>
        <source>The province cannot help to open this data: it holds no key for it.</source>
        <translation>省级平台没有本单位数据的恢复密钥，无法协助打开。</translation>
    </message>
    <message>
        <source>Use the office code from the safe.</source>
        <translation>请使用保险柜中的单位恢复码。</translation>
    </message>
    <message>
        <source>The province's answer does not fit this request, or the code is wrong.</source>
        <translation>省级平台的答复与本次申请不符，或者恢复码不对。</translation>
    </message>
    <message>
        <source>Check the code with the supervisor; else make a new request.</source>
        <translation>请与主任核对恢复码；仍不行就重新申请。</translation>
    </message>
    <message>
        <source>These algorithms are not known.</source>
        <translation>没有这种算法。</translation>
    </message>
    <message>
        <source>Use a name from the administrator's guide.</source>
        <translation>请使用运维手册中的名称。</translation>
    </message>
    <message>
        <source>The second person is the same, or may not confirm this.</source>
        <translation>第二人与操作人相同，或者无权复核。</translation>
    </message>
    <message>
        <source>Ask a supervisor or IT staff to sign in here.</source>
        <translation>请主任或运维人员在此登录复核。</translation>
    </message>
    <message>
        <source>Nobody knows yet what became of the last copy of this document.</source>
        <translation>该文书上一份的打印结果尚未确认。</translation>
    </message>
    <message>
        <source>Open it and say whether the sheet came out; then print.</source>
        <translation>请打开该文书，确认纸张是否已打出，然后再打印。</translation>
    </message>
    <message>
        <source>Nothing came out of the printer, as the window saw.</source>
        <translation>窗口确认：打印机没有出纸。</translation>
    </message>
    <message>
        <source>Look at the printer, then print again.</source>
        <translation>请检查打印机，然后重新打印。</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>无法读取该文件。</translation>
    </message>
    <message>
        <source>Choose another one; pictures and PDFs up to 64 MB are taken.</source>
        <translation>请另选文件；支持 64 MB 以内的图片和 PDF。</translation>
    </message>
    <message>
        <source>The sealed file does not open.</source>
        <translation>加密文件打不开。</translation>
    </message>
    <message>
        <source>Check the pass-phrase; ask for the file anew if it stays so.</source>
        <translation>请核对口令；仍不行请重新索取文件。</translation>
    </message>
    <message>
        <source>There is no such consent here.</source>
        <translation>这里没有这条同意记录。</translation>
    </message>
    <message>
        <source>Look for the person again.</source>
        <translation>请重新查找当事人。</translation>
    </message>
    <message>
        <source>Two people do this together.</source>
        <translation>此操作须双人进行。</translation>
    </message>
    <message>
        <source>Let a supervisor or IT staff confirm with a password of their own.</source>
        <translation>请主任或运维人员用自己的密码复核。</translation>
    </message>
    <message>
        <source>This stands on record with a reason, and none was given.</source>
        <translation>此操作须记录原因，尚未填写。</translation>
    </message>
    <message>
        <source>Give the reason in a few words.</source>
        <translation>请简要填写原因。</translation>
    </message>
    <message>
        <source>An answer holds characters that nobody sees or that turn the writing around.</source>
        <translation>答案中含有看不见的字符或改变文字方向的字符。</translation>
    </message>
    <message>
        <source>Delete the answer and type it by hand.</source>
        <translation>请删除该项并手工重新录入。</translation>
    </message>
    <message>
        <source>This case is in no conflict any more.</source>
        <translation>此办件已不在冲突状态。</translation>
    </message>
    <message>
        <source>Somebody else has settled it. Look at the case again.</source>
        <translation>已由他人处理，请重新查看办件。</translation>
    </message>
    <message>
        <source>This font or drawing cannot be used: {reason}</source>
        <translation>这个字体或字形不能使用：{reason}</translation>
    </message>
    <message>
        <source>Read in the guide for administrators what a font and a drawn character must be.</source>
        <translation>请看管理员手册中对字体和补字的要求。</translation>
    </message>
    <message>
        <source>Nothing was changed. Send them first, or restore without --exactly.</source>
        <translation>未作任何改动。请先上传这些办件，或去掉 --exactly 再恢复。</translation>
    </message>
    <message>
        <source>Going back would put {count} unsent cases aside that the backup does not have.</source>
        <translation>如果恢复到该备份的时点，将有 {count} 件未上传的办件不在其中。</translation>
    </message>
    <message>
        <source>The role kept here is not the one that the record says was given.</source>
        <translation>本机保存的角色与操作记录不符。</translation>
    </message>
    <message>
        <source>Do not work on. Tell the supervisor: somebody changed the data past the program.</source>
        <translation>请停止操作并报告主任：有人绕过程序改动了数据。</translation>
    </message>
    <message>
        <source>Nothing was printed, because no font has: {characters}</source>
        <translation>没有打印：字库缺少 {characters}</translation>
    </message>
    <message>
        <source>The template cannot be saved: a name is empty, taken, or not of letters and digits.</source>
        <translation>模板不能这样保存：名称为空、已被占用，或不是由字母和数字组成。</translation>
    </message>
    <message>
        <source>Give the template and each field a name of its own, such as holder_name.</source>
        <translation>请给模板和每个字段各取一个名称，例如 holder_name。</translation>
    </message>
    <message>
        <source>The form asks for too much work at once.</source>
        <translation>表单一次要求的运算量过大。</translation>
    </message>
    <message>
        <source>What you entered is kept. Call IT staff; the form has to be changed.</source>
        <translation>您填写的内容已保留。请联系信息技术人员，表单需要修改。</translation>
    </message>
    <message>
        <source>This computer's data is older than the numbers that it has given out.</source>
        <translation>本机数据比已经发出的编号要旧。</translation>
    </message>
    <message>
        <source>Nothing to do: it asks for new numbers by itself.</source>
        <translation>无需处理：系统会自动领取新编号。</translation>
    </message>
    <message>
        <source>The project's server cannot be reached.</source>
        <translation>无法连接项目服务器。</translation>
    </message>
    <message>
        <source>At this address there is no project: {host}</source>
        <translation>该地址没有项目：{host}</translation>
    </message>
    <message>
        <source>Look at the address, or ask for a new settings code.</source>
        <translation>请核对地址，或向项目方索取新的设置码。</translation>
    </message>
    <message>
        <source>The project's server does not accept this login or key.</source>
        <translation>项目服务器不接受此账号或密钥。</translation>
    </message>
    <message>
        <source>Ask whoever runs the project for a new settings code. What waits stays here.</source>
        <translation>请向项目负责人索取新的设置码。待发送内容仍保存在本机。</translation>
    </message>
    <message>
        <source>The project's server did not take this submission. It says: {reason}</source>
        <translation>项目服务器未接收此提交，其答复为：{reason}</translation>
    </message>
    <message>
        <source>Tell whoever runs the project what it says; then press Send again.</source>
        <translation>请将该答复告知项目负责人，处理后再按“重新发送”。</translation>
    </message>
    <message>
        <source>Take the picture again at a lower resolution, or ask whoever runs the project.</source>
        <translation>请降低分辨率重新拍摄，或联系项目负责人。</translation>
    </message>
    <message>
        <source>Something else answers in the server's place, perhaps a log-in page of the network.</source>
        <translation>应答的不是项目服务器，可能是网络登录页。</translation>
    </message>
    <message>
        <source>Look at the address; open a browser and log in to the network, then try again.</source>
        <translation>请核对地址；打开浏览器登录网络后再试。</translation>
    </message>
    <message>
        <source>The project's server is busy.</source>
        <translation>项目服务器繁忙。</translation>
    </message>
    <message>
        <source>The project's server had a fault of its own ({status}).</source>
        <translation>项目服务器自身出现故障（{status}）。</translation>
    </message>
    <message>
        <source>This holds no settings of an ODK project.</source>
        <translation>其中没有 ODK 项目设置。</translation>
    </message>
    <message>
        <source>Take the QR code from the project's page of app users, or paste its text.</source>
        <translation>请使用项目“应用用户”页面上的二维码，或粘贴其文本。</translation>
    </message>
    <message>
        <source>The server sends on to another address: {host}</source>
        <translation>服务器转向了另一地址：{host}</translation>
    </message>
    <message>
        <source>If that is right, add the project with that address.</source>
        <translation>如确认无误，请用该地址添加项目。</translation>
    </message>
    <message>
        <source>The connection to the project's server is not safe, so nothing was sent.</source>
        <translation>与项目服务器的连接不安全，未发送任何内容。</translation>
    </message>
    <message>
        <source>The address of the project is not a safe one.</source>
        <translation>项目地址不安全。</translation>
    </message>
    <message>
        <source>Ask for an address that begins with https://.</source>
        <translation>请索取以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>This network wants you to sign in before it lets anything through.</source>
        <translation>这个网络要先登录，才能上网。</translation>
    </message>
    <message>
        <source>Open the sign-in page, sign in there, and sending goes on by itself.</source>
        <translation>请打开登录页面并登录，登录后会自动继续上传。</translation>
    </message>
    <message>
        <source>Call IT staff; the cases stay here until then.</source>
        <translation>请联系运维人员；办件先保存在本机。</translation>
    </message>
    <message>
        <source>The province gave an answer that this program does not understand ({status}).</source>
        <translation>省级平台的答复本程序无法识别（{status}）。</translation>
    </message>
    <message>
        <source>Call the helpdesk; the case stays here.</source>
        <translation>请联系服务台；办件仍保存在本机。</translation>
    </message>
    <message>
        <source>The proxy of this network cannot be reached, or lets nothing through to the province.</source>
        <translation>连不上本网络的代理服务器，或代理服务器不放行到省级平台的连接。</translation>
    </message>
    <message>
        <source>The province's certificate is not valid now, only from {since} to {until}.</source>
        <translation>省级平台的安全证书目前无效，有效期为 {since} 至 {until}。</translation>
    </message>
    <message>
        <source>Nothing was sent. Tell IT staff; the province has to renew it.</source>
        <translation>没有上传任何内容。请告知运维人员，需由省级平台更换证书。</translation>
    </message>
    <message>
        <source>Another computer answers in place of {host}.</source>
        <translation>应答的不是 {host}，而是另一台计算机。</translation>
    </message>
    <message>
        <source>Nothing was sent. Use another network, or call IT staff.</source>
        <translation>没有上传任何内容。请换一个网络，或联系运维人员。</translation>
    </message>
    <message>
        <source>This computer does not know who issued the province's certificate.</source>
        <translation>本机不认识省级平台安全证书的签发机构。</translation>
    </message>
    <message>
        <source>Nothing was sent. Use another network, or call IT staff to add the issuer.</source>
        <translation>没有上传任何内容。请换一个网络，或联系运维人员添加签发机构。</translation>
    </message>
    <message>
        <source>The clock of this computer is wrong: it says {ours}, the province says {theirs}.</source>
        <translation>本机时间不对：本机为 {ours}，省级平台为 {theirs}。</translation>
    </message>
    <message>
        <source>Set date and time of this computer, then send again.</source>
        <translation>请校准本机日期和时间，然后重新上传。</translation>
    </message>
    <message>
        <source>The province asks for a certificate of this computer and does not take the one it has.</source>
        <translation>省级平台要求本机出示设备证书，但不接受现有的证书。</translation>
    </message>
    <message>
        <source>Call IT staff for a new one.</source>
        <translation>请联系运维人员更换证书。</translation>
    </message>
    <message>
        <source>This computer and the province have no kind of safe connection in common.</source>
        <translation>本机与省级平台之间没有双方都支持的安全连接方式。</translation>
    </message>
    <message>
        <source>Call IT staff; a device between the two may be out of date.</source>
        <translation>请联系运维人员；中间的网络设备可能过旧。</translation>
    </message>
    <message>
        <source>The proxy of this network wants a name and a password.</source>
        <translation>本网络的代理服务器要求用户名和密码。</translation>
    </message>
    <message>
        <source>Call IT staff to enter them.</source>
        <translation>请联系运维人员填写。</translation>
    </message>
    <message>
        <source>The province waited too long for what this computer was sending.</source>
        <translation>上传太慢，省级平台等待超时。</translation>
    </message>
    <message>
        <source>It is tried again by itself, in smaller pieces.</source>
        <translation>系统会自动分成更小的部分重试。</translation>
    </message>
    <message>
        <source>The province does not know what this computer asked for ({status}).</source>
        <translation>省级平台没有本机请求的内容（{status}）。</translation>
    </message>
    <message>
        <source>Call the helpdesk with the case number; the case stays here.</source>
        <translation>请凭办件编号联系服务台；办件仍保存在本机。</translation>
    </message>
    <message>
        <source>The province does not have this version of the service yet.</source>
        <translation>省级平台还没有这个事项的此版本。</translation>
    </message>
    <message>
        <source>Nothing to do: it is asked again every day.</source>
        <translation>无需操作：系统每天会再次询问。</translation>
    </message>
    <message>
        <source>The province has the case; {files} files ({mb} MB) wait for a better network.</source>
        <translation>办件已到省级平台；还有 {files} 个附件（{mb} MB）等待更好的网络。</translation>
    </message>
    <message>
        <source>They go by themselves on a network that costs nothing; or press Send files now.</source>
        <translation>换到不计流量的网络后会自动上传；也可以点“立即上传附件”。</translation>
    </message>
    <message>
        <source>The province has the case; {files} files ({mb} MB) wait until {until}.</source>
        <translation>办件已到省级平台；还有 {files} 个附件（{mb} MB）等到 {until} 再上传。</translation>
    </message>
    <message>
        <source>They go by themselves after the busy hours; or press Send files now.</source>
        <translation>忙时过后会自动上传；也可以点“立即上传附件”。</translation>
    </message>
    <message>
        <source>The province asks for a certificate of this computer.</source>
        <translation>省级平台要求本机出示设备证书。</translation>
    </message>
    <message>
        <source>Nothing to do: it is fetched by itself.</source>
        <translation>无需操作：系统会自动领取。</translation>
    </message>
    <message>
        <source>This computer has no network.</source>
        <translation>本机没有联网。</translation>
    </message>
    <message>
        <source>Look at the cable or the Wi-Fi. Work goes on; sending goes on by itself.</source>
        <translation>请检查网线或无线网络。业务照常办理，联网后自动上传。</translation>
    </message>
    <message>
        <source>A computer answers at the province's address, but it is not the province.</source>
        <translation>省级平台的地址上有应答，但不是省级平台。</translation>
    </message>
    <message>
        <source>Call IT staff to look at the address.</source>
        <translation>请联系运维人员核对地址。</translation>
    </message>
    <message>
        <source>The file with the issuers that this computer believes cannot be read.</source>
        <translation>本机信任的签发机构文件无法读取。</translation>
    </message>
    <message>
        <source>Call IT staff: lastmile-admin network show.</source>
        <translation>请联系运维人员：lastmile-admin network show。</translation>
    </message>
    <message>
        <source>A value cannot be right for a resident.</source>
        <translation>有一项内容不符合人口信息的要求。</translation>
    </message>
    <message>
        <source>Look at the marked field, correct it and save again.</source>
        <translation>请核对标出的项目，改正后重新保存。</translation>
    </message>
    <message>
        <source>Somebody with this ID number is in the resident base already.</source>
        <translation>人口库中已有使用该身份证号的人员。</translation>
    </message>
    <message>
        <source>Find the person by the ID number and edit there.</source>
        <translation>请按身份证号查找该人员，在其名下修改。</translation>
    </message>
    <message>
        <source>A licence replaces a paper only with the citizen's consent.</source>
        <translation>用电子证照代替纸质材料，须经群众本人同意。</translation>
    </message>
    <message>
        <source>Ask the citizen, record the consent, then use the licence.</source>
        <translation>请征得群众同意并登记后，再使用电子证照。</translation>
    </message>
    <message>
        <source>This licence cannot be used: it is another person's or no longer in force.</source>
        <translation>该电子证照不能使用：不属于本人，或已失效。</translation>
    </message>
    <message>
        <source>Ask for the paper instead.</source>
        <translation>请改收纸质材料。</translation>
    </message>
    <message>
        <source>This person is not in the resident base of this office any more.</source>
        <translation>该人员已不在本机构的人口库中。</translation>
    </message>
    <message>
        <source>Search again; the province may have moved the person elsewhere.</source>
        <translation>请重新查找；省级平台可能已将其调整到其他地方。</translation>
    </message>
    <message>
        <source>This licence is not held any more.</source>
        <translation>该电子证照已不在本机构库中。</translation>
    </message>
    <message>
        <source>The province does not have this person in this township.</source>
        <translation>省级平台在本乡镇没有该人员。</translation>
    </message>
    <message>
        <source>Your change is kept here. Ask the province where the person is registered now.</source>
        <translation>您的修改已留存在本机。请向省级平台查询该人员现登记在何处。</translation>
    </message>
    <message>
        <source>The office that signed this certificate was not allowed to issue it on that day.</source>
        <translation>签发此证明的单位当日无权签发这类证明。</translation>
    </message>
    <message>
        <source>Do not accept it; ask the province.</source>
        <translation>请勿接受，向省级平台核实。</translation>
    </message>
    <message>
        <source>The computer that signed this certificate had been shut out by the province by then.</source>
        <translation>签发此证明的计算机在签发日之前已被省级平台停用。</translation>
    </message>
    <message>
        <source>Do not accept it; ask the office that is named on it.</source>
        <translation>请勿接受，向证明上载明的单位核实。</translation>
    </message>
    <message>
        <source>This is no enrolment file, or it was altered after the province signed it.</source>
        <translation>这不是有效的接入文件，或在省级平台签名之后被改动过。</translation>
    </message>
    <message>
        <source>Do not use it. Ask the province for a new one.</source>
        <translation>请勿使用，向省级平台重新申请。</translation>
    </message>
    <message>
        <source>The enrolment file was good until {on}.</source>
        <translation>接入文件已于{on}到期。</translation>
    </message>
    <message>
        <source>See whether this computer's date is right; otherwise ask the province for a new file.</source>
        <translation>请先核对本机日期；日期无误的，向省级平台申请新文件。</translation>
    </message>
    <message>
        <source>What answers is not the province that the enrolment file was signed by.</source>
        <translation>应答方不是签发接入文件的省级平台。</translation>
    </message>
    <message>
        <source>Nothing of this office was sent. Call the province's helpdesk at once.</source>
        <translation>本单位数据未发出。请立即联系省级平台服务台。</translation>
    </message>
    <message>
        <source>The enrolment code is unknown, over, or was used by another computer.</source>
        <translation>接入码无效、已过期或已被其他电脑使用。</translation>
    </message>
    <message>
        <source>Ask the province for a new code or file.</source>
        <translation>请向省级平台申请新的接入码或接入文件。</translation>
    </message>
    <message>
        <source>This computer belongs to another province than the one that answers.</source>
        <translation>本机已接入另一个省级平台，与应答方不一致。</translation>
    </message>
    <message>
        <source>Its cases stay where they are. Set up a new profile for the other province.</source>
        <translation>办件保持原样。如需接入其他省级平台，请另建数据文件夹。</translation>
    </message>
    <message>
        <source>It still holds work of {office}: {unsent} cases unsent, {corrections} corrections begun.</source>
        <translation>本机仍有{office}的工作未了：{unsent} 件未上传，{corrections} 件补正未完成。</translation>
    </message>
    <message>
        <source>Ask for an enrolment of that office, or let the province send the computer over.</source>
        <translation>请申请该单位的接入文件，或由省级平台办理本机迁移。</translation>
    </message>
    <message>
        <source>This case belongs to {office}, where this computer worked before.</source>
        <translation>该办件属于本机原来所在的{office}。</translation>
    </message>
    <message>
        <source>Read it here; that office corrects it.</source>
        <translation>此处可查阅，补正由该单位办理。</translation>
    </message>
    <message>
        <source>No enrolment file lies here, or there are several.</source>
        <translation>没有找到接入文件，或找到不止一个。</translation>
    </message>
    <message>
        <source>Put exactly one beside the program, or name it.</source>
        <translation>请只放一个在程序旁，或指明文件。</translation>
    </message>
    <message>
        <source>This computer is on its way to another office, so nothing new is accepted now.</source>
        <translation>本机正在迁往其他单位，暂不受理新办件。</translation>
    </message>
    <message>
        <source>The form is kept as a draft. Accept it when the move is done.</source>
        <translation>表单已存为草稿，迁移完成后再受理。</translation>
    </message>
    <message>
        <source>Something of this project is not finished: {drafts} drafts, {unsent} unsent submissions.</source>
        <translation>该项目尚有未办结内容：草稿 {drafts} 份，未发送 {unsent} 份。</translation>
    </message>
    <message>
        <source>Finish and send them first, then remove the project.</source>
        <translation>请先办结并发送，再移除项目。</translation>
    </message>
    <message>
        <source>The project was removed from this computer.</source>
        <translation>该项目已从本机移除。</translation>
    </message>
    <message>
        <source>IT staff can add it again with its settings code.</source>
        <translation>信息人员可用设置码重新添加。</translation>
    </message>
    <message>
        <source>The answers are sealed for whoever holds the project's key.</source>
        <translation>填报内容已加密封存，仅项目密钥持有人可打开。</translation>
    </message>
    <message>
        <source>Nobody can open them on this computer; ask whoever runs the project.</source>
        <translation>本机任何人都无法打开，请联系项目负责人。</translation>
    </message>
    <message>
        <source>This setting of the network does not exist or takes no such value: {name}</source>
        <translation>没有这项网络设置，或取值不对：{name}</translation>
    </message>
    <message>
        <source>See lastmile-admin network set --help.</source>
        <translation>请查看 lastmile-admin network set --help。</translation>
    </message>
    <message>
        <source>The province has not allowed this computer to sign such certificates today.</source>
        <translation>省级平台尚未授权本机今日签发这类证明。</translation>
    </message>
    <message>
        <source>Connect to the province once, then issue it; check the date of this computer.</source>
        <translation>请联网一次后再签发，并核对本机日期。</translation>
    </message>
    <message>
        <source>This is not for the office to decide: the province decides or issued it.</source>
        <translation>此事不由本单位决定：由省级部门决定，或证明由省级平台签发。</translation>
    </message>
    <message>
        <source>Ask the department at the province.</source>
        <translation>请联系省级主管部门。</translation>
    </message>
    <message>
        <source>This computer has no numbers for certificates left, so none was issued.</source>
        <translation>本机的证明号段已用完，未签发证明。</translation>
    </message>
    <message>
        <source>Connect to the province once: it gets new numbers by itself. Nothing was changed.</source>
        <translation>请联网一次，系统会自动领取新号段。原有内容未作改动。</translation>
    </message>
    <message>
        <source>The case has its decision already.</source>
        <translation>此办件已作出决定。</translation>
    </message>
    <message>
        <source>Look at what happened to the case.</source>
        <translation>请查看办理经过。</translation>
    </message>
    <message>
        <source>The case was corrected at two windows, and the versions are not merged yet.</source>
        <translation>此办件在两个窗口被更正，尚未合并。</translation>
    </message>
    <message>
        <source>Merge them on the conflict desk; the decision then goes out by itself.</source>
        <translation>请先在“冲突”页合并，决定随后自动上报。</translation>
    </message>
    <message>
        <source>The province does not leave this decision to the office.</source>
        <translation>此事项的决定权不在本单位。</translation>
    </message>
    <message>
        <source>Take back and void a certificate that was printed here for it, then ask the province.</source>
        <translation>请收回并作废本机为此打印的证明，再联系省级平台。</translation>
    </message>
    <message>
        <source>The province does not accept the certificate of this case ({member}).</source>
        <translation>省级平台不认可此办件的证明（{member}）。</translation>
    </message>
    <message>
        <source>Take it back and void it, then call IT staff with this code.</source>
        <translation>请收回并作废该证明，再将此代码告知运维人员。</translation>
    </message>
    <message>
        <source>The province's signatures over its services have run out; nothing new is taken over.</source>
        <translation>省级平台对事项目录的签名已过期，暂不接收新的事项版本。</translation>
    </message>
    <message>
        <source>Work goes on with the services held here. Tell the province if it stays so for days.</source>
        <translation>本机已有的事项可照常办理；如持续数天，请告知省级平台。</translation>
    </message>
    <message>
        <source>A service or program that came is not as the province's keys say: it was not taken over.</source>
        <translation>收到的事项或程序与省级平台的签名不符，未予接收。</translation>
    </message>
    <message>
        <source>Work goes on with the services held here. Tell IT staff this code.</source>
        <translation>本机已有的事项可照常办理；请把此代码告诉运维人员。</translation>
    </message>
    <message>
        <source>The province offers a version of a service that it has not published.</source>
        <translation>省级平台要求使用的事项版本尚未发布。</translation>
    </message>
    <message>
        <source>Work goes on with the version held here; it is asked for again by itself.</source>
        <translation>请继续使用本机已有的版本；系统会自动再次获取。</translation>
    </message>
    <message>
        <source>A service is still on its way.</source>
        <translation>事项正在下载。</translation>
    </message>
    <message>
        <source>It goes on by itself.</source>
        <translation>系统会自动继续。</translation>
    </message>
    <message>
        <source>This was begun on a version of the form that is not on this computer.</source>
        <translation>这件业务开始时所用的表单版本不在本机上。</translation>
    </message>
    <message>
        <source>It comes by itself with the next exchange with the province; nothing is lost.</source>
        <translation>与省级平台下次交换数据时会自动取得，已填内容不会丢失。</translation>
    </message>
    <message>
        <source>A new version of “{name}” cannot be used by this program.</source>
        <translation>“{name}”的新版本无法在本软件中使用。</translation>
    </message>
    <message>
        <source>Work goes on with the version before. Tell IT staff: a newer program may be needed.</source>
        <translation>请继续使用原来的版本，并告诉运维人员：可能需要升级软件。</translation>
    </message>
    <message>
        <source>A file is larger than can be sent to or fetched from the server ({size_mb} MB).</source>
        <translation>有文件过大（{size_mb} MB），无法与服务器传送。</translation>
    </message>
    <message>
        <source>This file holds no certificate with its key, or the password is another.</source>
        <translation>此文件中没有证书及其私钥，或密码不对。</translation>
    </message>
    <message>
        <source>Choose the file that IT staff were given, PEM or PKCS #12.</source>
        <translation>请选择发给运维人员的 PEM 或 PKCS #12 文件。</translation>
    </message>
    <message>
        <source>The province has lost a file of this record that lies at another computer: {name}</source>
        <translation>省平台丢失了此件的一个文件，该文件在另一台电脑上：{name}</translation>
    </message>
    <message>
        <source>Nothing to do here: it goes on once that computer has sent the file again.</source>
        <translation>这里无需处理：那台电脑重新上报后会自动继续。</translation>
    </message>
    <message>
        <source>A correction of this case is begun and not sent yet.</source>
        <translation>此办件有尚未上传的补正草稿。</translation>
    </message>
    <message>
        <source>Finish it or delete its draft, then withdraw the case.</source>
        <translation>请先完成或删除该草稿，再撤回申请。</translation>
    </message>
    <message>
        <source>This case had been decided before.</source>
        <translation>此办件此前已有办理决定。</translation>
    </message>
    <message>
        <source>Look at what happened to it; take back and void a certificate that was printed here.</source>
        <translation>请查看办理过程；如本机已打印证明，请收回并作废。</translation>
    </message>
    <message>
        <source>The project's server did not answer what was asked of it. It says: {reason}</source>
        <translation>项目服务器没有答复这次请求。它的说明：{reason}</translation>
    </message>
    <message>
        <source>Tell whoever runs the project what it says.</source>
        <translation>请把上面的说明告诉项目负责人。</translation>
    </message>
    <message>
        <source>The project's server is still busy with this submission.</source>
        <translation>项目服务器还在处理这份提交。</translation>
    </message>
    <message>
        <source>Nothing to do: it is sent again by itself.</source>
        <translation>无需操作，稍后会自动重新发送。</translation>
    </message>
    <message>
        <source>The clock of this computer is wrong: it says {ours}, the project's server says {theirs}.</source>
        <translation>本机时钟不对：本机显示 {ours}，项目服务器显示 {theirs}。</translation>
    </message>
    <message>
        <source>Set date and time of this computer, then try again.</source>
        <translation>请校准本机的日期和时间，然后再试。</translation>
    </message>
    <message>
        <source>This computer does not know who issued the certificate of the project's server.</source>
        <translation>本机不认识项目服务器证书的签发机构。</translation>
    </message>
    <message>
        <source>What came as the province's list of services is not signed by it, or is another office's.</source>
        <translation>收到的事项目录没有省平台的有效签名，或不是发给本单位的。</translation>
    </message>
    <message>
        <source>The services offered here stay as they are. Tell IT staff this code.</source>
        <translation>本机的事项保持不变。请把此代码告知信息化人员。</translation>
    </message>
    <message>
        <source>What came as the province's list of services is an old one, told again.</source>
        <translation>收到的事项目录是旧目录，有人把它重发了一遍。</translation>
    </message>
    <message>
        <source>The services offered here stay as they are. Tell IT staff this code if it comes again.</source>
        <translation>本机的事项保持不变。若再次出现，请把此代码告知信息化人员。</translation>
    </message>
    <message>
        <source>No ODK project is set up on this computer.</source>
        <translation>本机尚未设置 ODK 项目。</translation>
    </message>
    <message>
        <source>IT staff can add one with its settings code.</source>
        <translation>运维人员可以用项目的设置码添加。</translation>
    </message>
    <message>
        <source>What was decided comes with the next exchange; then open the case.</source>
        <translation>决定内容将在下次联网时取回，届时请打开该件查看。</translation>
    </message>
    <message>
        <source>{by} decided this case first, on {at}: {what}.</source>
        <translation>此件已由{by}于 {at} 先作决定：{what}。</translation>
    </message>
    <message>
        <source>A supervisor opens the case and lets that stand; yours stays in its history.</source>
        <translation>请由值班主任打开该件，以先作的决定为准；本机所作的决定留在办理经过中。</translation>
    </message>
    <message>
        <source>{by} decided this case first, on {at}: {what}. Certificate {papers} was given out here.</source>
        <translation>此件已由{by}于 {at} 先作决定：{what}。本机已发出证照 {papers}。</translation>
    </message>
    <message>
        <source>Take it back; then a supervisor opens the case and lets the first decision stand.</source>
        <translation>请先收回该证照，再由值班主任打开该件，以先作的决定为准。</translation>
    </message>
    <message>
        <source>This computer's room for files at the province is used up: files wait, cases go on.</source>
        <translation>省级平台给本机暂存附件的空间已用完：附件暂缓上传，办件照常报送。</translation>
    </message>
    <message>
        <source>The province has no room for files at the moment: files wait, cases go on.</source>
        <translation>省级平台暂时没有存放附件的空间：附件暂缓上传，办件照常报送。</translation>
    </message>
    <message>
        <source>Nothing to do: they go by themselves once there is room; if it lasts days, tell IT staff.</source>
        <translation>无需操作：附件都在本机，腾出空间后会自动上传。如几天后仍未恢复，请告知运维人员。</translation>
    </message>
    <message>
        <source>The province has no room for this bundle at the moment.</source>
        <translation>省级平台暂时没有空间接收这个摆渡包。</translation>
    </message>
    <message>
        <source>Nothing on the stick is lost: hand it over again later.</source>
        <translation>优盘中的内容不会丢失，请稍后再次上传。</translation>
    </message>
    <message>
        <source>The stick does not hold the newest program for this computer.</source>
        <translation>优盘里没有适用于本机的最新版程序。</translation>
    </message>
    <message>
        <source>Let IT staff write it anew at a computer with a network.</source>
        <translation>请运维人员在能联网的电脑上重新写入优盘。</translation>
    </message>
    <message>
        <source>The stick cannot be read, or was pulled out.</source>
        <translation>优盘无法读取，或已被拔出。</translation>
    </message>
    <message>
        <source>There is not room enough on the stick: {mb} MB are needed, {free} MB are free.</source>
        <translation>优盘空间不足：需要 {mb} MB，剩余 {free} MB。</translation>
    </message>
    <message>
        <source>Take a larger stick, or delete what is not needed from it.</source>
        <translation>请换用容量更大的优盘，或删除优盘上不需要的文件。</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Draft</source>
        <translation>暂存</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>已受理</translation>
    </message>
    <message>
        <source>Under review</source>
        <translation>审查中</translation>
    </message>
    <message>
        <source>Supplement requested</source>
        <translation>待补正</translation>
    </message>
    <message>
        <source>Conditionally accepted</source>
        <translation>容缺受理</translation>
    </message>
    <message>
        <source>Granted</source>
        <translation>准予</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>不予</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>办结</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>已送达</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>Not accepted</source>
        <translation>不予受理</translation>
    </message>
    <message>
        <source>Transferred</source>
        <translation>已转办</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已核实</translation>
    </message>
    <message>
        <source>local example</source>
        <translation>地方示例</translation>
    </message>
    <message>
        <source>general rule</source>
        <translation>一般规定</translation>
    </message>
    <message>
        <source>sample, not verified</source>
        <translation>示例，未核实</translation>
    </message>
    <message>
        <source>{n} days overdue</source>
        <translation>已超期 {n} 天</translation>
    </message>
    <message>
        <source>Due today</source>
        <translation>今日到期</translation>
    </message>
    <message>
        <source>{n} working days left</source>
        <translation>剩 {n} 个工作日</translation>
    </message>
    <message>
        <source>Clerk</source>
        <translation>窗口人员</translation>
    </message>
    <message>
        <source>Village officer</source>
        <translation>村（社区）代办员</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>值班主任</translation>
    </message>
    <message>
        <source>IT staff</source>
        <translation>运维人员</translation>
    </message>
    <message>
        <source>Auditor</source>
        <translation>审计人员</translation>
    </message>
    <message>
        <source>Corrected at two windows</source>
        <translation>两个窗口同时更正</translation>
    </message>
    <message>
        <source>Versions merged</source>
        <translation>版本已合并</translation>
    </message>
    <message>
        <source>Certificate voided</source>
        <translation>证明已作废</translation>
    </message>
    <message>
        <source>Certificate replaced</source>
        <translation>证明已换发</translation>
    </message>
    <message>
        <source>Final number given</source>
        <translation>已换发正式编号</translation>
    </message>
    <message>
        <source>Correction received</source>
        <translation>已收到补正</translation>
    </message>
    <message>
        <source>About {n} working days left</source>
        <translation>约剩 {n} 个工作日</translation>
    </message>
    <message>
        <source>{service} (of one thing)</source>
        <translation>{service}（一件事）</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Holder</source>
        <translation>持有人</translation>
    </message>
    <message>
        <source>Issued by</source>
        <translation>签发机关</translation>
    </message>
    <message>
        <source>Issued on</source>
        <translation>签发日期</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>暂存件</translation>
    </message>
    <message>
        <source>original</source>
        <translation>原件</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>复印件</translation>
    </message>
    <message>
        <source>ID number ends in</source>
        <translation>证件号码末四位</translation>
    </message>
    <message>
        <source>The clock was doubtful then.</source>
        <translation>当时本机时钟存疑。</translation>
    </message>
    <message>
        <source>For the project {project} alone, {host}.</source>
        <translation>仅提交至项目“{project}”（{host}）。</translation>
    </message>
    <message>
        <source>A newer version ({newer}) is on the server. This draft stays on version {version}.</source>
        <translation>服务器上已有新版本（{newer}）。本草稿仍按版本 {version} 填写。</translation>
    </message>
    <message>
        <source>The project no longer offers this form. The draft can still be finished and sent.</source>
        <translation>项目已停用此表单，本草稿仍可填完并发送。</translation>
    </message>
    <message>
        <source>The answers are sealed for whoever holds the project's key; nobody can open them here.</source>
        <translation>填报内容已加密封存，仅项目密钥持有人可打开，本机无法查看。</translation>
    </message>
    <message>
        <source>Allowed by the province for division</source>
        <translation>省级平台授权的区划</translation>
    </message>
</context>
<context>
    <name>Brand</name>
    <message>
        <source>Lastmile</source>
        <translation>末端通办</translation>
    </message>
</context>
<context>
    <name>NewPassword</name>
    <message>
        <source>The two passwords differ. Type both again.</source>
        <translation>两次输入的密码不一样，请重新输入。</translation>
    </message>
    <message>
        <source>Changing the password ...</source>
        <translation>正在修改密码…</translation>
    </message>
    <message>
        <source>Choose your password</source>
        <translation>设置您自己的密码</translation>
    </message>
    <message>
        <source>Only you should know it. At least 8 characters, and none that others guess.</source>
        <translation>只能您自己知道。至少 8 个字符，不要用别人容易猜到的。</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再输一次</translation>
    </message>
    <message>
        <source>Keep this password</source>
        <translation>使用这个密码</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PersonStep</name>
    <message>
        <source>The two passwords differ. Type both again.</source>
        <translation>两次输入的密码不一样，请重新输入。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Login (small letters and digits)</source>
        <translation>账号（小写字母和数字）</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Password once more</source>
        <translation>再输一次密码</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Making the encrypted store ...</source>
        <translation>正在建立加密数据库…</translation>
    </message>
    <message>
        <source>Type the province's address and the one-time code.</source>
        <translation>请填写省级平台地址和一次性接入码。</translation>
    </message>
    <message>
        <source>Connecting to the province ...</source>
        <translation>正在接入省级平台…</translation>
    </message>
    <message>
        <source>Connected to {province} as {office}.</source>
        <translation>已接入{province}，本单位：{office}。</translation>
    </message>
    <message>
        <source>Lastmile</source>
        <translation>末端通办</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Set-up, step {at} of {all}</source>
        <translation>初始设置 第 {at} 步，共 {all} 步</translation>
    </message>
    <message>
        <source>Office code</source>
        <translation>单位恢复码</translation>
    </message>
    <message>
        <source>It is written down and lies in the safe</source>
        <translation>已抄写并放入保险柜</translation>
    </message>
    <message>
        <source>Address of the province</source>
        <translation>省级平台地址</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>一次性接入码</translation>
    </message>
    <message>
        <source>Who looks after this computer</source>
        <translation>谁负责这台电脑</translation>
    </message>
    <message>
        <source>IT staff manage logins and the link, and see no citizens' data.</source>
        <translation>运维人员管理账号和接入，看不到群众的资料。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Who serves here first</source>
        <translation>谁最先在这里办件</translation>
    </message>
    <message>
        <source>Give a first password; it is changed at the first sign-in. More people can be added later.</source>
        <translation>请设置初始密码，首次登录时会要求修改。以后可以再添加其他人。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Make the office</source>
        <translation>建立本单位</translation>
    </message>
    <message>
        <source>The office code</source>
        <translation>单位恢复码</translation>
    </message>
    <message>
        <source>It opens the data when all passwords or this computer are lost. It is shown only now.</source>
        <translation>密码全部丢失或换电脑时，用它打开数据。只在这里显示一次。</translation>
    </message>
    <message>
        <source>Connect to the province</source>
        <translation>接入省级平台</translation>
    </message>
    <message>
        <source>The province's staff give a one-time code for each computer.</source>
        <translation>每台电脑的一次性接入码由省级平台管理人员发放。</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>To sign-in</source>
        <translation>去登录</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>接入</translation>
    </message>
    <message>
        <source>The province's staff give a file or a one-time code for each computer.</source>
        <translation>每台电脑由省级平台发放一个接入文件或一次性接入码。</translation>
    </message>
    <message>
        <source>Add an ODK project ...</source>
        <translation>添加 ODK 项目…</translation>
    </message>
    <message>
        <source>Add an ODK project</source>
        <translation>添加 ODK 项目</translation>
    </message>
    <message>
        <source>The project is added; {n} of its forms can be filled in here.</source>
        <translation>项目已添加，其中 {n} 张表单可在此填写。</translation>
    </message>
</context>
<context>
    <name>PersonDialog</name>
    <message>
        <source>New operator</source>
        <translation>新增操作员</translation>
    </message>
    <message>
        <source>New first password</source>
        <translation>重设初始密码</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The first password is changed at the next sign-in.</source>
        <translation>下次登录时会要求修改初始密码。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Login (small letters and digits)</source>
        <translation>账号（小写字母和数字）</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>First password</source>
        <translation>初始密码</translation>
    </message>
</context>
<context>
    <name>OfficePage</name>
    <message>
        <source>Locked after too many wrong passwords</source>
        <translation>输错密码次数过多，已锁定</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您自己</translation>
    </message>
    <message>
        <source>May sign in</source>
        <translation>可以登录</translation>
    </message>
    <message>
        <source>Done. The first password is changed at the next sign-in.</source>
        <translation>已完成。下次登录时会要求修改初始密码。</translation>
    </message>
    <message>
        <source>{name} may try again.</source>
        <translation>{name}可以重新登录。</translation>
    </message>
    <message>
        <source>Press Remove once more to take the login of {name} away.</source>
        <translation>再按一次“移除”，将取消{name}的账号。</translation>
    </message>
    <message>
        <source>{name} can no longer sign in.</source>
        <translation>{name}不能再登录。</translation>
    </message>
    <message>
        <source>Type the province's address and the one-time code.</source>
        <translation>请填写省级平台地址和一次性接入码。</translation>
    </message>
    <message>
        <source>Connecting to the province ...</source>
        <translation>正在接入省级平台…</translation>
    </message>
    <message>
        <source>Connected to {province} as {office}.</source>
        <translation>已接入{province}，本单位：{office}。</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>New operator</source>
        <translation>新增操作员</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>New first password</source>
        <translation>重设初始密码</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>接入</translation>
    </message>
    <message>
        <source>Operators of this computer</source>
        <translation>本机操作员</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Link to the province</source>
        <translation>与省级平台的连接</translation>
    </message>
    <message>
        <source>Address of the province</source>
        <translation>省级平台地址</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>一次性接入码</translation>
    </message>
    <message>
        <source>Connected to {province} as {office}, {url}</source>
        <translation>已接入{province}，本单位：{office}，{url}</translation>
    </message>
    <message>
        <source>Not connected. Cases wait on this computer.</source>
        <translation>尚未接入，办件留在本机等待发送。</translation>
    </message>
    <message>
        <source>Connect anew ...</source>
        <translation>重新接入…</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>StickPage</name>
    <message>
        <source>Choose the stick</source>
        <translation>选择优盘</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Working. Leave the stick in place.</source>
        <translation>正在处理，请勿拔出优盘。</translation>
    </message>
    <message>
        <source>{n} files are on this stick, {left} did not fit. Take the next stick.</source>
        <translation>已写入 {n} 个文件，还有 {left} 个放不下，请换下一个优盘。</translation>
    </message>
    <message>
        <source>{n} files were handed over, {failed} were not. {name}: {why}</source>
        <translation>已代传 {n} 个文件，{failed} 个没有成功。{name}：{why}</translation>
    </message>
    <message>
        <source>{n} files were handed over. Give the stick back: the answers are on it.</source>
        <translation>已代传 {n} 个文件，回执已写入优盘，请交还。</translation>
    </message>
    <message>
        <source>There is no bundle on this stick.</source>
        <translation>优盘上没有摆渡包。</translation>
    </message>
    <message>
        <source>{n} cases are acknowledged, {refused} were refused: see the outbox.</source>
        <translation>{n} 件已收到回执，{refused} 件被退回，请查看待上传。</translation>
    </message>
    <message>
        <source>These answers were taken in before.</source>
        <translation>这些回执此前已经导入过。</translation>
    </message>
    <message>
        <source>There is no answer for this computer here.</source>
        <translation>这里没有本机的回执。</translation>
    </message>
    <message>
        <source>Carry by stick</source>
        <translation>离线摆渡</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>待上传</translation>
    </message>
    <message>
        <source>Back to the outbox</source>
        <translation>返回待上传</translation>
    </message>
    <message>
        <source>Go on with the next stick</source>
        <translation>继续写入下一个优盘</translation>
    </message>
    <message>
        <source>Bundles of this computer</source>
        <translation>本机的摆渡包</translation>
    </message>
    <message>
        <source>1  Without a network</source>
        <translation>1  无网络时</translation>
    </message>
    <message>
        <source>Write a stick</source>
        <translation>写入优盘</translation>
    </message>
    <message>
        <source>2  With a network</source>
        <translation>2  有网络时</translation>
    </message>
    <message>
        <source>Bundles of another office are handed over, and the province's sealed answers are laid beside them.</source>
        <translation>代其他单位上传摆渡包，并把省级平台的加密回执写回优盘。</translation>
    </message>
    <message>
        <source>Forward a stick</source>
        <translation>代传优盘</translation>
    </message>
    <message>
        <source>3  Back again</source>
        <translation>3  带回之后</translation>
    </message>
    <message>
        <source>Take in answers</source>
        <translation>导入回执</translation>
    </message>
    <message>
        <source>Hand-over slip</source>
        <translation>交接单</translation>
    </message>
    <message>
        <source>Hand-over slip of {at}</source>
        <translation>{at} 的交接单</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已有回执</translation>
    </message>
    <message>
        <source>{n} of {all} answered</source>
        <translation>已有回执 {n}/{all}</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>{n} files not on a stick yet</source>
        <translation>还有 {n} 个文件未写入优盘</translation>
    </message>
    <message>
        <source>{n} cases</source>
        <translation>{n} 件办件</translation>
    </message>
    <message>
        <source>{n} other entries</source>
        <translation>{n} 条变更和决定</translation>
    </message>
    <message>
        <source>On the stick: {what}. Hand it to an office with a network.</source>
        <translation>已写入优盘：{what}。请交给有网络的单位。</translation>
    </message>
    <message>
        <source>Nothing waits here: the stick asks for news. Hand it to an office with a network.</source>
        <translation>没有待上传内容，优盘将带回最新动态。请交给有网络的单位。</translation>
    </message>
    <message>
        <source>{n} cases acknowledged</source>
        <translation>{n} 件办件已有回执</translation>
    </message>
    <message>
        <source>{n} other entries acknowledged</source>
        <translation>{n} 条变更和决定已有回执</translation>
    </message>
    <message>
        <source>{n} news</source>
        <translation>{n} 条办理动态</translation>
    </message>
    <message>
        <source>{n} records of residents and licences</source>
        <translation>{n} 条人员和证照信息</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>Taken in: {what}.</source>
        <translation>已导入：{what}。</translation>
    </message>
    <message>
        <source>There is nothing new.</source>
        <translation>没有新内容。</translation>
    </message>
    <message>
        <source>All that waits is sealed for the province and written to a stick, with a wish for news. Nobody on the way can read it.</source>
        <translation>将全部待上传内容加密封装后写入优盘，并请求带回最新动态，途中任何人都无法查看。</translation>
    </message>
    <message>
        <source>Receipts, decisions, numbers, residents and new services are taken in. Doing it twice changes nothing.</source>
        <translation>导入回执、办理结果、号段、人员信息和新版事项，重复导入不会产生变化。</translation>
    </message>
    <message>
        <source>{what} in {parts} files</source>
        <translation>{what}，{parts} 个文件</translation>
    </message>
    <message>
        <source>A wish for news</source>
        <translation>请求最新动态</translation>
    </message>
    <message>
        <source>{n} services updated</source>
        <translation>{n} 项事项已更新</translation>
    </message>
    <message>
        <source>{n} code lists updated</source>
        <translation>{n} 份代码表已更新</translation>
    </message>
    <message>
        <source> More of the services comes with the next stick: write one.</source>
        <translation>其余事项待下次带回，请再写入一次优盘。</translation>
    </message>
    <message>
        <source> Version {version} of the program lies on this stick. IT staff install it.</source>
        <translation>优盘里有 {version} 版程序，请联系运维人员安装。</translation>
    </message>
</context>
<context>
    <name>ConflictsPage</name>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>原答案</translation>
    </message>
    <message>
        <source>No question was changed by both.</source>
        <translation>没有两边都改过的问题。</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>{name}, {at}</source>
        <translation>{name}，{at}</translation>
    </message>
    <message>
        <source>Another window</source>
        <translation>其他窗口</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>确认合并</translation>
    </message>
    <message>
        <source>{n} to choose</source>
        <translation>还需选择 {n} 项</translation>
    </message>
    <message>
        <source>{number} is settled; both versions stay in its history.</source>
        <translation>{number} 已合并，两个版本都保留在历史中。</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>冲突处理</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Back to the overview</source>
        <translation>返回总览</translation>
    </message>
    <message>
        <source>Case in conflict</source>
        <translation>冲突的办件</translation>
    </message>
    <message>
        <source>Two windows corrected this case at the same time. What only one of them changed is taken over by itself; choose an answer for each question that both changed.</source>
        <translation>两个窗口同时更正了此办件。只有一方改动的内容已自动采纳，两方都改动的问题请逐项选择。</translation>
    </message>
    <message>
        <source>Open case</source>
        <translation>打开办件</translation>
    </message>
    <message>
        <source>No case is in conflict</source>
        <translation>没有冲突的办件</translation>
    </message>
    <message>
        <source>Cases that two windows corrected differently wait here for a decision.</source>
        <translation>两个窗口作出不同更正的办件会在这里等待处理。</translation>
    </message>
    <message>
        <source>Which one stands?</source>
        <translation>以哪一个为准？</translation>
    </message>
    <message>
        <source>Open resident</source>
        <translation>打开居民</translation>
    </message>
    <message>
        <source>from: {material}</source>
        <translation>依据：{material}</translation>
    </message>
    <message>
        <source>The decision rests on</source>
        <translation>核定依据</translation>
    </message>
    <message>
        <source>Nothing is in conflict</source>
        <translation>没有需要核定的内容</translation>
    </message>
    <message>
        <source>Cases and residents that two computers changed differently wait here.</source>
        <translation>两台电脑改得不一致的办件和居民信息在这里等待核定。</translation>
    </message>
    <message>
        <source>Case or resident in conflict</source>
        <translation>需要核定的办件或居民</translation>
    </message>
    <message>
        <source>Two computers changed this at the same time. What only one of them changed is taken over by itself. Choose a value wherever they differ; all of them stay in the history.</source>
        <translation>两台电脑同时作了修改。只有一方改动的内容已自动采用；双方不一致的，请逐项选定。所有内容都保留在历史记录中。</translation>
    </message>
    <message>
        <source>Let it stand</source>
        <translation>维持不变</translation>
    </message>
    <message>
        <source>Join the two records</source>
        <translation>合并两条记录</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>No question of this page applies now.</source>
        <translation>本页目前没有需要填写的问题。</translation>
    </message>
</context>
<context>
    <name>LabelMedia</name>
    <message>
        <source>Show larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Play the sound</source>
        <translation>播放声音</translation>
    </message>
    <message>
        <source>Show the film</source>
        <translation>播放视频</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>OversightPage</name>
    <message>
        <source>Oversight</source>
        <translation>监督</translation>
    </message>
    <message>
        <source>Take over the draft of {name}</source>
        <translation>接管{name}的暂存件</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>The draft of {name} is yours now; it is among your cases.</source>
        <translation>{name}的暂存件已归您，请在办件列表中继续办理。</translation>
    </message>
    <message>
        <source>time doubtful</source>
        <translation>时间存疑</translation>
    </message>
    <message>
        <source>altered</source>
        <translation>被改动</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>被删除</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>被调换</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>The record is not whole. First bad row: {row}, {what}.</source>
        <translation>操作记录不完整。首个异常行：第{row}行，{what}。</translation>
    </message>
    <message>
        <source>The record is whole: {rows} rows, {seen} witnessed by the province.</source>
        <translation>操作记录完整：共{rows}行，其中{seen}行已由省级平台见证。</translation>
    </message>
    <message>
        <source>The clock was moved back and is not yet confirmed.</source>
        <translation>本机时钟曾被往回拨，尚未核实。</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Applicant of a case</source>
        <translation>办件申请人</translation>
    </message>
    <message>
        <source>Named in a case</source>
        <translation>办件中提及</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>暂存件</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证明</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>同意记录</translation>
    </message>
    <message>
        <source>Type whom to look for, and why.</source>
        <translation>请填写要查找的人和原因。</translation>
    </message>
    <message>
        <source>{n} places found.</source>
        <translation>找到{n}处。</translation>
    </message>
    <message>
        <source>Written: {name}</source>
        <translation>已写入：{name}</translation>
    </message>
    <message>
        <source>Drafts of others</source>
        <translation>他人的暂存件</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>操作记录</translation>
    </message>
    <message>
        <source>A person's data</source>
        <translation>个人信息</translation>
    </message>
    <message>
        <source>Prove the record</source>
        <translation>核验记录</translation>
    </message>
    <message>
        <source>Export for auditors</source>
        <translation>导出供审计</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Write a sealed copy</source>
        <translation>写出加密副本</translation>
    </message>
    <message>
        <source>Where the person appears</source>
        <translation>该人出现之处</translation>
    </message>
    <message>
        <source>Nobody else has a draft here.</source>
        <translation>没有他人的暂存件。</translation>
    </message>
    <message>
        <source>Finding and copying stand on record with the reason, never with the answers.</source>
        <translation>查找和复制都会连同原因留痕，但不记录答案内容。</translation>
    </message>
    <message>
        <source>ID number, telephone number or whole name</source>
        <translation>身份证号、电话或完整姓名</translation>
    </message>
    <message>
        <source>Reason (stands on record)</source>
        <translation>原因（留痕）</translation>
    </message>
    <message>
        <source>Pass-phrase of the copy, 12 characters or more</source>
        <translation>副本口令，不少于12个字符</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Applicant</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Whose</source>
        <translation>所属人</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>保存时间</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Act</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>On</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>As</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
</context>
<context>
    <name>ReasonAsked</name>
    <message>
        <source>Reason (stands on record)</source>
        <translation>原因（留痕）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remark (may be left out)</source>
        <translation>备注（可不填）</translation>
    </message>
</context>
<context>
    <name>record</name>
    <message>
        <source>Office made</source>
        <translation>建立单位数据</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Operator added</source>
        <translation>新增操作人</translation>
    </message>
    <message>
        <source>Operator removed</source>
        <translation>移除操作人</translation>
    </message>
    <message>
        <source>Password changed</source>
        <translation>修改密码</translation>
    </message>
    <message>
        <source>Login unlocked</source>
        <translation>解除锁定</translation>
    </message>
    <message>
        <source>Password recovered with the province</source>
        <translation>经省级平台恢复密码</translation>
    </message>
    <message>
        <source>Office code used</source>
        <translation>使用单位恢复码</translation>
    </message>
    <message>
        <source>Recovery key set</source>
        <translation>设置恢复密钥</translation>
    </message>
    <message>
        <source>Change of the data key begun</source>
        <translation>开始更换数据密钥</translation>
    </message>
    <message>
        <source>Data key changed</source>
        <translation>数据密钥已更换</translation>
    </message>
    <message>
        <source>Case accepted</source>
        <translation>受理办件</translation>
    </message>
    <message>
        <source>Result handed over</source>
        <translation>送达结果</translation>
    </message>
    <message>
        <source>Case withdrawn</source>
        <translation>撤回办件</translation>
    </message>
    <message>
        <source>Details corrected</source>
        <translation>更正信息</translation>
    </message>
    <message>
        <source>Sent again</source>
        <translation>重新上传</translation>
    </message>
    <message>
        <source>Receipt received</source>
        <translation>收到回执</translation>
    </message>
    <message>
        <source>Draft taken over</source>
        <translation>接管暂存件</translation>
    </message>
    <message>
        <source>Draft deleted</source>
        <translation>删除暂存件</translation>
    </message>
    <message>
        <source>Copy counted</source>
        <translation>计入份数</translation>
    </message>
    <message>
        <source>Copy printed</source>
        <translation>已打印</translation>
    </message>
    <message>
        <source>Copy not printed</source>
        <translation>未打印成功</translation>
    </message>
    <message>
        <source>Document saved</source>
        <translation>导出文书</translation>
    </message>
    <message>
        <source>Numbers revealed</source>
        <translation>查看完整号码</translation>
    </message>
    <message>
        <source>List of cases exported</source>
        <translation>导出办件清单</translation>
    </message>
    <message>
        <source>Person looked for</source>
        <translation>查找个人信息</translation>
    </message>
    <message>
        <source>Copy of a person's data written</source>
        <translation>写出个人信息副本</translation>
    </message>
    <message>
        <source>Consent given</source>
        <translation>取得同意</translation>
    </message>
    <message>
        <source>Consent withdrawn</source>
        <translation>撤回同意</translation>
    </message>
    <message>
        <source>Retention set</source>
        <translation>设置保存期限</translation>
    </message>
    <message>
        <source>Answers let go</source>
        <translation>清除到期答案</translation>
    </message>
    <message>
        <source>Backup made</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Backup restored</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Store made again</source>
        <translation>修复数据库</translation>
    </message>
    <message>
        <source>Connected to the province</source>
        <translation>接入省级平台</translation>
    </message>
    <message>
        <source>Record differs at the province</source>
        <translation>操作记录与省级平台不符</translation>
    </message>
    <message>
        <source>Record exported</source>
        <translation>导出操作记录</translation>
    </message>
    <message>
        <source>Stick written</source>
        <translation>制作摆渡包</translation>
    </message>
    <message>
        <source>Stick copied</source>
        <translation>复制摆渡包</translation>
    </message>
    <message>
        <source>Stick forwarded</source>
        <translation>转交摆渡包</translation>
    </message>
    <message>
        <source>Stick answered</source>
        <translation>摆渡包已回复</translation>
    </message>
    <message>
        <source>Seal kept</source>
        <translation>保存印章</translation>
    </message>
    <message>
        <source>Seal removed</source>
        <translation>移除印章</translation>
    </message>
    <message>
        <source>List of keys taken over</source>
        <translation>采用密钥名单</translation>
    </message>
    <message>
        <source>Corrections merged</source>
        <translation>合并更正</translation>
    </message>
    <message>
        <source>Connected to an ODK server</source>
        <translation>接入 ODK 服务器</translation>
    </message>
    <message>
        <source>Leased numbers given up</source>
        <translation>停用已领取的编号</translation>
    </message>
    <message>
        <source>Resident added</source>
        <translation>新增居民</translation>
    </message>
    <message>
        <source>Resident changed</source>
        <translation>修改居民信息</translation>
    </message>
    <message>
        <source>Receipt for a change</source>
        <translation>收到修改回执</translation>
    </message>
    <message>
        <source>Licence used</source>
        <translation>使用电子证照</translation>
    </message>
    <message>
        <source>Moved to another office</source>
        <translation>迁至其他单位</translation>
    </message>
    <message>
        <source>To move to another office</source>
        <translation>接到迁往其他单位的通知</translation>
    </message>
    <message>
        <source>Province lost it: due again</source>
        <translation>省级平台数据缺失，重新上传</translation>
    </message>
    <message>
        <source>Removed an ODK project</source>
        <translation>移除了 ODK 项目</translation>
    </message>
    <message>
        <source>Network settings changed</source>
        <translation>更改了网络设置</translation>
    </message>
    <message>
        <source>Granted by the office</source>
        <translation>本单位决定准予</translation>
    </message>
    <message>
        <source>Refused by the office</source>
        <translation>本单位决定不予</translation>
    </message>
    <message>
        <source>Certificate voided</source>
        <translation>证明作废</translation>
    </message>
    <message>
        <source>Certificate replaced</source>
        <translation>证明换发</translation>
    </message>
    <message>
        <source>Receipt for a decision</source>
        <translation>决定已上报，收到回执</translation>
    </message>
    <message>
        <source>Form filled in from the resident base</source>
        <translation>用人口库信息预填表单</translation>
    </message>
    <message>
        <source>Final number given</source>
        <translation>换发正式编号</translation>
    </message>
    <message>
        <source>Correction begun</source>
        <translation>开始补正</translation>
    </message>
    <message>
        <source>Withdrawal came after the decision</source>
        <translation>撤回晚于办理决定</translation>
    </message>
    <message>
        <source>Decision came too late, the first one stands</source>
        <translation>决定作出较晚，以先作的决定为准</translation>
    </message>
</context>
<context>
    <name>SecondPerson</name>
    <message>
        <source>A second person confirms</source>
        <translation>第二人复核</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>A supervisor or IT staff signs in here. Both names stand on record.</source>
        <translation>请主任或运维人员在此登录，两人姓名均留痕。</translation>
    </message>
    <message>
        <source>Login of the second person</source>
        <translation>第二人的登录名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
</context>
<context>
    <name>TextQuestion</name>
    <message>
        <source>Rare character: Ctrl+Shift+U</source>
        <translation>生僻字：Ctrl+Shift+U</translation>
    </message>
</context>
<context>
    <name>Designer</name>
    <message>
        <source>Templates</source>
        <translation>模板设计</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证照</translation>
    </message>
    <message>
        <source>Back to the certificates</source>
        <translation>返回证照页面</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板编号</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>字段名</translation>
    </message>
    <message>
        <source>Called</source>
        <translation>显示名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>距左边缘</translation>
    </message>
    <message>
        <source>From above</source>
        <translation>距上边缘</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Type size</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>字体</translation>
    </message>
    <message>
        <source>Alignment</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Must be filled</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>The paper is pre-printed</source>
        <translation>套打：纸上已印好底样</translation>
    </message>
    <message>
        <source>Add a field</source>
        <translation>添加字段</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Scan or PDF ...</source>
        <translation>底样（扫描图或 PDF）…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Page with its fields</source>
        <translation>页面和字段</translation>
    </message>
    <message>
        <source>Page as it prints</source>
        <translation>打印效果</translation>
    </message>
    <message>
        <source>A new template</source>
        <translation>新建模板</translation>
    </message>
    <message>
        <source>Drawn elsewhere: edit its SVG there; the page follows each save.</source>
        <translation>此模板由绘图软件绘制：请在绘图软件中修改 SVG，每次保存后这里自动刷新。</translation>
    </message>
    <message>
        <source>Scan or PDF of the form</source>
        <translation>表格的扫描图或 PDF</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>单行文字</translation>
    </message>
    <message>
        <source>Paragraph</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>QR code</source>
        <translation>二维码</translation>
    </message>
    <message>
        <source>Seal</source>
        <translation>印章</translation>
    </message>
    <message>
        <source>Song</source>
        <translation>宋体</translation>
    </message>
    <message>
        <source>Hei</source>
        <translation>黑体</translation>
    </message>
    <message>
        <source>Kai</source>
        <translation>楷体</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左对齐</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>居中</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右对齐</translation>
    </message>
</context>
<context>
    <name>CharacterFinder</name>
    <message>
        <source>Find a character</source>
        <translation>查找生僻字</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Type its components, such as 原页, or its code point, such as U+2B5B8; empty shows rare characters of names held here.</source>
        <translation>输入部件（如“原页”）或编码（如 U+2B5B8）；留空则列出本机已有姓名中的生僻字。</translation>
    </message>
    <message>
        <source>Components or code point</source>
        <translation>部件或编码</translation>
    </message>
    <message>
        <source>Strokes</source>
        <translation>笔画</translation>
    </message>
    <message>
        <source>Characters found</source>
        <translation>找到的字</translation>
    </message>
    <message>
        <source>{n} strokes</source>
        <translation>{n} 画</translation>
    </message>
    <message>
        <source>{n} found.</source>
        <translation>找到 {n} 个。</translation>
    </message>
    <message>
        <source>{n} of them no font can print here.</source>
        <translation>其中 {n} 个没有字体可以打印。</translation>
    </message>
</context>
<context>
    <name>StoreNotice</name>
    <message>
        <source>The data file was damaged and was made anew from the backup of {when} and the journal.</source>
        <translation>数据文件曾损坏，已用 {when} 的备份和日志自动重建。</translation>
    </message>
    <message>
        <source>The disk is getting full: {n} MB left. Free some space.</source>
        <translation>磁盘空间不足，剩余 {n} MB，请及时清理。</translation>
    </message>
    <message>
        <source>Not back are {n} cases: {numbers}. Take them in again.</source>
        <translation>未能恢复的办件 {n} 件：{numbers}，请重新受理。</translation>
    </message>
    <message>
        <source>{n} saved steps are not back; look through the drafts.</source>
        <translation>有 {n} 步已保存的操作未能恢复，请检查暂存件。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>All {n} cases and everything that was saved are back.</source>
        <translation>全部 {n} 件办件和所有已保存的内容都已恢复。</translation>
    </message>
    <message>
        <source>{n} attachments are missing; cases: {numbers}.</source>
        <translation>缺失附件 {n} 个，涉及办件：{numbers}。</translation>
    </message>
    <message>
        <source>{n} cases are back.</source>
        <translation>已恢复 {n} 件办件。</translation>
    </message>
    <message>
        <source>The disk is almost full: {n} MB left. Nothing new is begun until there is space; what is open can still be saved and sent.</source>
        <translation>磁盘空间即将用尽，剩余 {n} MB。暂停新办业务，腾出空间后自动恢复；已打开的内容仍可保存和上传。</translation>
    </message>
    <message>
        <source>The damaged files are kept in {folder}.</source>
        <translation>损坏的文件保留在 {folder}。</translation>
    </message>
    <message>
        <source>The data file was damaged and was made anew from the journal.</source>
        <translation>数据文件曾损坏，已用日志自动重建。</translation>
    </message>
    <message>
        <source>What was done after the backup is not known on this computer.</source>
        <translation>本机无法得知备份之后办理的内容。</translation>
    </message>
    <message>
        <source>Understood</source>
        <translation>知道了</translation>
    </message>
</context>
<context>
    <name>EnrolForm</name>
    <message>
        <source>Reading the file ...</source>
        <translation>正在读取文件…</translation>
    </message>
    <message>
        <source>Connecting to the province ...</source>
        <translation>正在连接省级平台…</translation>
    </message>
    <message>
        <source>Choose an enrolment file, or type the address and the one-time code.</source>
        <translation>请选择接入文件，或填写地址和一次性接入码。</translation>
    </message>
    <message>
        <source>Enrolment file</source>
        <translation>接入文件</translation>
    </message>
    <message>
        <source>Enrolment files</source>
        <translation>接入文件</translation>
    </message>
    <message>
        <source>Deleting the file ...</source>
        <translation>正在删除文件…</translation>
    </message>
    <message>
        <source>Connected to {province} as {office}.</source>
        <translation>已接入{province}，本单位：{office}。</translation>
    </message>
    <message>
        <source>The enrolment file is deleted.</source>
        <translation>接入文件已删除。</translation>
    </message>
    <message>
        <source>Use {name}, found here</source>
        <translation>使用找到的 {name}</translation>
    </message>
    <message>
        <source>Choose an enrolment file ...</source>
        <translation>选择接入文件…</translation>
    </message>
    <message>
        <source>Choose an enrolment file</source>
        <translation>选择接入文件</translation>
    </message>
    <message>
        <source>or drop it here</source>
        <translation>或拖到这里</translation>
    </message>
    <message>
        <source>Without a file: address and one-time code</source>
        <translation>没有文件：填写地址和一次性接入码</translation>
    </message>
    <message>
        <source>Address of the province</source>
        <translation>省级平台地址</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>一次性接入码</translation>
    </message>
    <message>
        <source>Province</source>
        <translation>省级平台</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Division</source>
        <translation>区划</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Serves until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>密钥指纹</translation>
    </message>
    <message>
        <source>Compare the fingerprint with the one that the province has made known. Nothing has been sent yet.</source>
        <translation>请与省级平台公布的指纹逐组核对。目前尚未发送任何数据。</translation>
    </message>
    <message>
        <source>This computer is connected already. It gets a new key; no case is lost.</source>
        <translation>本机已接入，将换发新密钥，办件不会丢失。</translation>
    </message>
    <message>
        <source>The file holds a secret. It has served its purpose: delete it.</source>
        <translation>该文件含有密钥信息，已经用完，请删除。</translation>
    </message>
    <message>
        <source>Delete the enrolment file</source>
        <translation>删除接入文件</translation>
    </message>
</context>
<context>
    <name>people</name>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>ID number</source>
        <translation>身份证号</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>性别</translation>
    </message>
    <message>
        <source>Date of birth</source>
        <translation>出生日期</translation>
    </message>
    <message>
        <source>Nationality</source>
        <translation>民族</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>联系电话</translation>
    </message>
    <message>
        <source>Village</source>
        <translation>村（社区）</translation>
    </message>
    <message>
        <source>Household number</source>
        <translation>户号</translation>
    </message>
    <message>
        <source>Relation to the head</source>
        <translation>与户主关系</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>住址</translation>
    </message>
    <message>
        <source>Identity card</source>
        <translation>居民身份证</translation>
    </message>
    <message>
        <source>Household register</source>
        <translation>户口簿</translation>
    </message>
    <message>
        <source>Said in person</source>
        <translation>本人口述</translation>
    </message>
    <message>
        <source>Asked by telephone</source>
        <translation>电话核实</translation>
    </message>
    <message>
        <source>Seen on a home visit</source>
        <translation>入户走访</translation>
    </message>
    <message>
        <source>Resident base</source>
        <translation>人口库</translation>
    </message>
    <message>
        <source>One ID number twice</source>
        <translation>同一身份证号有两条记录</translation>
    </message>
    <message>
        <source>Two records have one ID number: probably one person, entered at two offices. Choose what is right and join them; both histories stay, and it can be undone. If they are two people, correct the number of one of them instead.</source>
        <translation>有两条记录的身份证号相同，可能是两处单位各自录入的同一人。请选定正确的内容后合并；两条记录的变更经过都会保留，合并可以撤销。若确为两人，请改正其中一人的身份证号。</translation>
    </message>
    <message>
        <source>Joined with record</source>
        <translation>合并到记录</translation>
    </message>
</context>
<context>
    <name>MaterialBox</name>
    <message>
        <source>Which paper says so?</source>
        <translation>依据什么材料？</translation>
    </message>
    <message>
        <source>Material</source>
        <translation>依据材料</translation>
    </message>
</context>
<context>
    <name>ResidentDialog</name>
    <message>
        <source>Add a resident</source>
        <translation>新增居民</translation>
    </message>
    <message>
        <source>Edit resident</source>
        <translation>修改居民信息</translation>
    </message>
    <message>
        <source>Material (stands in the history)</source>
        <translation>依据材料（记入历史）</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{value} (stays if left empty)</source>
        <translation>{value}（不填则不变）</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有改动。</translation>
    </message>
    <message>
        <source>Say which material the change rests on.</source>
        <translation>请填写修改所依据的材料。</translation>
    </message>
</context>
<context>
    <name>ResidentsPage</name>
    <message>
        <source>The first {n}; type more to narrow it down</source>
        <translation>仅列出前 {n} 人，请多输入几个字缩小范围</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>找到 {n} 人</translation>
    </message>
    <message>
        <source>{n} people held here</source>
        <translation>本机存有 {n} 人</translation>
    </message>
    <message>
        <source>No residents here yet</source>
        <translation>本机还没有人口信息</translation>
    </message>
    <message>
        <source>They come with the connection to the province, a part at a time.</source>
        <translation>连接省级平台后会分批下载到本机。</translation>
    </message>
    <message>
        <source>Nobody fits</source>
        <translation>没有符合的人员</translation>
    </message>
    <message>
        <source>Type less, or add the person as new.</source>
        <translation>请减少输入的内容，或新增该居民。</translation>
    </message>
    <message>
        <source>Find a resident</source>
        <translation>查找居民</translation>
    </message>
    <message>
        <source>Type a name, its initials, an ID number, a village or a household.</source>
        <translation>可输入姓名、拼音首字母、身份证号、村名或户号。</translation>
    </message>
    <message>
        <source>Changed differently elsewhere</source>
        <translation>与其他电脑修改不一致</translation>
    </message>
    <message>
        <source>A change was refused</source>
        <translation>有修改未被接收</translation>
    </message>
    <message>
        <source>Not sent yet</source>
        <translation>尚未上传</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>打开{name}</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>Nothing was changed yet.</source>
        <translation>还没有修改记录。</translation>
    </message>
    <message>
        <source>At the province</source>
        <translation>已上传</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>未上传</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>未被接收</translation>
    </message>
    <message>
        <source>Saved here. It goes to the province with the next connection.</source>
        <translation>已保存在本机，下次联网时上传省级平台。</translation>
    </message>
    <message>
        <source>Show the whole numbers</source>
        <translation>显示完整号码</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Residents</source>
        <translation>人口库</translation>
    </message>
    <message>
        <source>Add a resident</source>
        <translation>新增居民</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Show numbers</source>
        <translation>显示号码</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>核定</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>重新上传</translation>
    </message>
    <message>
        <source>Name, initials, ID number, village, household</source>
        <translation>姓名、首字母、身份证号、村、户号</translation>
    </message>
    <message>
        <source>Residents found</source>
        <translation>查找结果</translation>
    </message>
    <message>
        <source>Resident</source>
        <translation>居民</translation>
    </message>
    <message>
        <source>Household</source>
        <translation>同户人员</translation>
    </message>
    <message>
        <source>History</source>
        <translation>修改历史</translation>
    </message>
    <message>
        <source>Nobody chosen</source>
        <translation>尚未选定居民</translation>
    </message>
    <message>
        <source>Who is chosen in the list is shown here, with household and history.</source>
        <translation>在左侧列表中选定后，这里显示其信息、同户人员和修改历史。</translation>
    </message>
    <message>
        <source>Joined with the record {name}, {village}, ending in {id}</source>
        <translation>已并入此人的记录：{name}，{village}，编号末位 {id}</translation>
    </message>
    <message>
        <source>Separate again</source>
        <translation>撤销合并</translation>
    </message>
    <message>
        <source>Let both records stand for themselves again</source>
        <translation>撤销合并，两条记录重新各自独立</translation>
    </message>
    <message>
        <source>Separate</source>
        <translation>撤销合并</translation>
    </message>
</context>
<context>
    <name>link</name>
    <message>
        <source>Not connected yet</source>
        <translation>尚未连接</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>正在上传</translation>
    </message>
    <message>
        <source>Everything sent</source>
        <translation>全部已上传</translation>
    </message>
    <message>
        <source>{n} to send</source>
        <translation>待上传 {n} 件</translation>
    </message>
    <message>
        <source>{n} have no receipt yet. The list says what each of them needs.</source>
        <translation>有 {n} 件尚未签收，需要做什么见下表。</translation>
    </message>
    <message>
        <source>{n} files wait</source>
        <translation>{n} 个附件待传</translation>
    </message>
    <message>
        <source>{cases} cases are at the province; {n} files ({mb} MB) wait for a better network.</source>
        <translation>{cases} 件办件已到省级平台；还有 {n} 个附件（{mb} MB）等待更好的网络。</translation>
    </message>
    <message>
        <source>Sign in to the network</source>
        <translation>请先登录网络</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>省级平台不接受本机</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>No way to the province</source>
        <translation>连不到省级平台</translation>
    </message>
    <message>
        <source>Last exchange: {at}.</source>
        <translation>上次交换：{at}。</translation>
    </message>
    <message>
        <source>This computer's clock is {by} behind the province's. Set it right.</source>
        <translation>本机时间比省级平台慢 {by}，请校准。</translation>
    </message>
    <message>
        <source>This computer's clock is {by} ahead of the province's. Set it right.</source>
        <translation>本机时间比省级平台快 {by}，请校准。</translation>
    </message>
    <message>
        <source>{n} minutes</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <source>{h} hours {m} minutes</source>
        <translation>{h} 小时 {m} 分钟</translation>
    </message>
    <message>
        <source>{n} days</source>
        <translation>{n} 天</translation>
    </message>
    <message>
        <source>Everything is confirmed by a receipt. Last exchange: {at}.</source>
        <translation>已全部签收，均有回执。上次交换：{at}。</translation>
    </message>
    <message>
        <source>No way to the project's server</source>
        <translation>连不到项目服务器</translation>
    </message>
    <message>
        <source>{cases} cases are at the province; {n} files ({mb} MB) wait until it has room for them. They go by themselves then.</source>
        <translation>{cases} 件办件已到省级平台；还有 {n} 个附件（{mb} MB）等待省级平台腾出空间，届时会自动上传。</translation>
    </message>
</context>
<context>
    <name>RoundsCard</name>
    <message>
        <source>went through</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s} 秒</translation>
    </message>
    <message>
        <source>The last exchanges</source>
        <translation>最近的数据交换</translation>
    </message>
    <message>
        <source>Began at</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Receipts / failed / events</source>
        <translation>签收 / 失败 / 消息</translation>
    </message>
    <message>
        <source>Sent / received</source>
        <translation>发送 / 接收</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
</context>
<context>
    <name>AddProject</name>
    <message>
        <source>Add an ODK project</source>
        <translation>添加 ODK 项目</translation>
    </message>
    <message>
        <source>Picture of the code ...</source>
        <translation>选择设置码图片…</translation>
    </message>
    <message>
        <source>From the clipboard</source>
        <translation>从剪贴板读取</translation>
    </message>
    <message>
        <source>Use this address</source>
        <translation>使用此地址</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>读取结果</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Add the project</source>
        <translation>添加项目</translation>
    </message>
    <message>
        <source>ODK Central, KoboToolbox, Ona: the project's settings code is a QR code. Choose its picture, drop it here, or paste picture or text.</source>
        <translation>适用于 ODK Central、KoboToolbox、Ona：项目设置码是一个二维码。可选择图片、拖入此处，或粘贴图片、文本。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>密码或令牌</translation>
    </message>
    <message>
        <source>Without a code, by the project's address:</source>
        <translation>没有设置码时，填写项目地址：</translation>
    </message>
    <message>
        <source>Pictures and files of settings</source>
        <translation>图片和设置文件</translation>
    </message>
    <message>
        <source>Picture of the settings code</source>
        <translation>设置码图片</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Reading the code ...</source>
        <translation>正在读取设置码…</translation>
    </message>
    <message>
        <source>Type the project's address.</source>
        <translation>请填写项目地址。</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>by a key, without a login</source>
        <translation>使用密钥，无账号</translation>
    </message>
    <message>
        <source>Asking the server ...</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>The server answers and offers {n} forms: {names}</source>
        <translation>服务器已应答，提供 {n} 张表单：{names}</translation>
    </message>
    <message>
        <source>Fetching the project's forms ...</source>
        <translation>正在获取项目表单…</translation>
    </message>
</context>
<context>
    <name>ProjectsPage</name>
    <message>
        <source>by a key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Sends when you press Send now</source>
        <translation>按“立即发送”时发送</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Not fetched yet</source>
        <translation>尚未获取</translation>
    </message>
    <message>
        <source>Fetching the project's forms ...</source>
        <translation>正在获取项目表单…</translation>
    </message>
    <message>
        <source>{n} forms are offered; new here: {names}.</source>
        <translation>项目提供 {n} 张表单；本次新获取：{names}。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{name} cannot be used: {why}</source>
        <translation>“{name}”无法使用：{why}</translation>
    </message>
    <message>
        <source>Press Remove once more to offer the forms of {name} no longer.</source>
        <translation>再按一次“移除”，将不再提供“{name}”的表单。</translation>
    </message>
    <message>
        <source>Removed. Cases already taken in stay here.</source>
        <translation>已移除。已受理的办件仍保留在本机。</translation>
    </message>
    <message>
        <source>ODK projects</source>
        <translation>ODK 项目</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>返回设置</translation>
    </message>
    <message>
        <source>Add a project</source>
        <translation>添加项目</translation>
    </message>
    <message>
        <source>Look for newer forms</source>
        <translation>检查新表单</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the project</source>
        <translation>移除项目</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Forms</source>
        <translation>表单</translation>
    </message>
    <message>
        <source>Last looked</source>
        <translation>上次检查</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Forms of ODK Central, KoboToolbox and Ona can be filled in here as well.</source>
        <translation>ODK Central、KoboToolbox、Ona 的表单也可在此填写。</translation>
    </message>
    <message>
        <source>IT staff add a project with its settings code.</source>
        <translation>由信息人员用设置码添加项目。</translation>
    </message>
    <message>
        <source>No project yet</source>
        <translation>尚无项目</translation>
    </message>
    <message>
        <source>A form to try</source>
        <translation>选择要试填的表单</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Try a form ...</source>
        <translation>试填表单…</translation>
    </message>
    <message>
        <source>Try a form that is being written</source>
        <translation>试填编写中的表单</translation>
    </message>
    <message>
        <source>Needs attention [{code}]</source>
        <translation>需要处理 [{code}]</translation>
    </message>
    <message>
        <source>Waits for its server [{code}]</source>
        <translation>等待服务器 [{code}]</translation>
    </message>
</context>
<context>
    <name>ServiceModel</name>
    <message>
        <source>ODK project {project}, version {version}</source>
        <translation>ODK 项目“{project}”，版本 {version}</translation>
    </message>
    <message>
        <source>Pilot</source>
        <translation>试点</translation>
    </message>
</context>
<context>
    <name>HeldData</name>
    <message>
        <source>From the resident base; change it if it is no longer so.</source>
        <translation>来自人口库；如有变化请修改。</translation>
    </message>
    <message>
        <source>The resident base says: {held}</source>
        <translation>人口库中为：{held}</translation>
    </message>
    <message>
        <source>Electronic licence held: no paper needed.</source>
        <translation>已有电子证照，免交。</translation>
    </message>
    <message>
        <source>Electronic licence held: {name}</source>
        <translation>已有电子证照：{name}</translation>
    </message>
    <message>
        <source>Use it in place of paper</source>
        <translation>用证照代替纸质材料</translation>
    </message>
</context>
<context>
    <name>ConsentAsked</name>
    <message>
        <source>Use an electronic licence in place of paper</source>
        <translation>用电子证照代替纸质材料</translation>
    </message>
    <message>
        <source>{licence}: a marked copy that names this service goes with the application. The consent stands on record and can be withdrawn until the case is accepted.</source>
        <translation>{licence}：随申请附上注明本事项用途的加注件。同意情况记录在案，受理前可以撤回。</translation>
    </message>
    <message>
        <source>The citizen was asked here and agrees</source>
        <translation>已当面征得群众本人同意</translation>
    </message>
    <message>
        <source>Guardian, for a child under 14</source>
        <translation>监护人姓名（不满 14 周岁的填写）</translation>
    </message>
    <message>
        <source>Record and use</source>
        <translation>登记同意并使用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Trials</name>
    <message>
        <source>Trial: {name}</source>
        <translation>试填：{name}</translation>
    </message>
    <message>
        <source>This is a trial. Nothing is kept and nothing is sent.</source>
        <translation>此为试填，不保存、不发送任何内容。</translation>
    </message>
    <message>
        <source>The form would be accepted like this. Nothing was kept.</source>
        <translation>按此填写可以受理。未保存任何内容。</translation>
    </message>
</context>
<context>
    <name>place</name>
    <message>
        <source>The province has shut this computer out</source>
        <translation>省级平台已停用本机</translation>
    </message>
    <message>
        <source>This computer moves to {office}</source>
        <translation>本机将迁往{office}</translation>
    </message>
    <message>
        <source>No case numbers left</source>
        <translation>办件编号已用完</translation>
    </message>
    <message>
        <source>Slips bear provisional numbers; final ones come with the next exchange.</source>
        <translation>回执先印临时编号，下次联网后换发正式编号。</translation>
    </message>
    <message>
        <source>Work goes on and nothing is lost. IT staff connect it anew with a fresh file or code of this office; what waits is then sent.</source>
        <translation>可以继续受理，数据不会丢失。请运维人员用本单位新的接入文件或接入码重新接入，待上传的办件随后自动上传。</translation>
    </message>
    <message>
        <source>Everything is sent; it moves with the next exchange.</source>
        <translation>已全部上传，下次联网时完成迁移。</translation>
    </message>
    <message>
        <source>Nothing new is accepted until then; forms are kept as drafts.</source>
        <translation>迁移完成前暂不受理新办件，表单存为草稿。</translation>
    </message>
    <message>
        <source>{n} not sent yet.</source>
        <translation>还有 {n} 项未上传。</translation>
    </message>
    <message>
        <source>{n} of them need a person: see the outbox.</source>
        <translation>其中 {n} 项需人工处理，详见“待上传”。</translation>
    </message>
    <message>
        <source>{n} corrections to finish first.</source>
        <translation>还有 {n} 件补正需先办完。</translation>
    </message>
    <message>
        <source>Accepted at {office}, where this computer worked before; it goes on there.</source>
        <translation>本件由本机原所在的{office}受理，后续由该单位办理。</translation>
    </message>
    <message>
        <source>Accepted under the provisional number {number}; both lead here.</source>
        <translation>受理时的临时编号为 {number}，凭两个编号均可查询。</translation>
    </message>
    <message>
        <source>A provisional number: the final one comes with the next exchange.</source>
        <translation>此为临时编号，下次联网后换发正式编号。</translation>
    </message>
</context>
<context>
    <name>CaseDecisions</name>
    <message>
        <source>Grant the application and issue what it gives</source>
        <translation>准予此申请并签发证明</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>准予</translation>
    </message>
    <message>
        <source>Refuse the application; the applicant sees the reason</source>
        <translation>不予此申请，申请人会看到理由</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>不予</translation>
    </message>
    <message>
        <source>Void certificate {number}</source>
        <translation>作废证明 {number}</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Replace certificate {number}: it becomes void</source>
        <translation>换发证明 {number}：原证明作废</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>换发</translation>
    </message>
    <message>
        <source>Withdraw the application at the applicant's wish; nothing is decided</source>
        <translation>应申请人要求撤回申请，不再作出决定</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Let the first decision stand; the certificate given out here becomes void</source>
        <translation>以先作的决定为准；本机已发出的证照作废</translation>
    </message>
</context>
<context>
    <name>PreviewPage</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>late</name>
    <message>
        <source>It had been decided before; what was decided comes with the next exchange.</source>
        <translation>此件先前已有决定，决定内容将在下次联网时取回。</translation>
    </message>
    <message>
        <source>{by} was first, on {at}: {what}. What was decided here does not count.</source>
        <translation>{by}已于 {at} 先作决定：{what}。本机所作的决定不生效。</translation>
    </message>
    <message>
        <source>Take back certificate {papers}, which was given out here.</source>
        <translation>请收回本机已发出的证照 {papers}。</translation>
    </message>
    <message>
        <source>came too late, does not count</source>
        <translation>作出较晚，不生效</translation>
    </message>
</context>
<context>
    <name>conflicts</name>
    <message>
        <source>Another window settled this case at the same time: {by}, {at}. What was chosen there stands. Choose otherwise, or let it stand.</source>
        <translation>另一窗口已同时处理此件：{by}，{at}。现以其选择为准。可以另作选择，也可以维持不变。</translation>
    </message>
</context>
<context>
    <name>TogetherCard</name>
    <message>
        <source>{name}: {done} of {n} decided</source>
        <translation>{name}：{n} 项中已办结 {done} 项</translation>
    </message>
    <message>
        <source>{n} {status}</source>
        <translation>{status} {n} 项</translation>
    </message>
    <message>
        <source>{n} not known here yet</source>
        <translation>{n} 项尚未传到本机</translation>
    </message>
    <message>
        <source>next deadline: {left}</source>
        <translation>最近期限：{left}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open {service}</source>
        <translation>打开{service}</translation>
    </message>
    <message>
        <source>Still being worked on: {services}</source>
        <translation>仍在办理：{services}</translation>
    </message>
    <message>
        <source>Print all results ...</source>
        <translation>一并打印结果…</translation>
    </message>
    <message>
        <source>Print again ...</source>
        <translation>再次打印…</translation>
    </message>
    <message>
        <source>{n} papers ready to print</source>
        <translation>{n} 份文书可以打印</translation>
    </message>
    <message>
        <source>{n} of them did not come out last time</source>
        <translation>其中 {n} 份上次未打出</translation>
    </message>
    <message>
        <source>{n} at the printer, not confirmed yet</source>
        <translation>{n} 份已交打印机，尚未确认</translation>
    </message>
    <message>
        <source>{n} printed</source>
        <translation>已打印 {n} 份</translation>
    </message>
    <message>
        <source>Hand over all</source>
        <translation>一并送达</translation>
    </message>
    <message>
        <source>{n} results are not noted as handed over yet.</source>
        <translation>{n} 项结果尚未登记送达。</translation>
    </message>
    <message>
        <source>See where they are ...</source>
        <translation>查看打印情况…</translation>
    </message>
</context>
<context>
    <name>TickedPapers</name>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>正在打印</translation>
    </message>
    <message>
        <source>Stuck at the printer</source>
        <translation>卡在打印机</translation>
    </message>
    <message>
        <source>Printed</source>
        <translation>已打印</translation>
    </message>
    <message>
        <source>Not printed</source>
        <translation>未打出</translation>
    </message>
    <message>
        <source>Not confirmed</source>
        <translation>尚未确认</translation>
    </message>
    <message>
        <source>Printed {n} times</source>
        <translation>已打印 {n} 次</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>可以打印</translation>
    </message>
    <message>
        <source>In the queue</source>
        <translation>排队中</translation>
    </message>
</context>
</TS>
