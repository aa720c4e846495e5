"""ODK XForms: load a form, fill it, get a submission. Pure Python, bytes in and bytes out.

A window, a script or a test needs what stands here and nothing else:

- `load_form(source, resources)` reads an XForm into a `Form`; `forms.authoring.compile_xlsform`
  makes one from a workbook.
- `Form.new_session(now=, today=, new_id=, random=, language=None)` begins to fill it, `Form.resume`
  goes on with a draft, `Form.edit` corrects a submission. Time, ids and randomness are arguments.
- `Session.nodes` and `Session.view` show what is there: kind, relevance, answer, label, choices,
  problem. `answer`, `add_repeat`, `remove_repeat`, `set_language` and `locate` change it and say in
  `Changes` which views may differ.
- `Session.check` lists what is in the way; `finalise` gives a `Submission` or that list; `xml` is
  the state to keep.
- `forms.xpath.evaluate(expression, xml, context, namespaces)` evaluates one expression.

Every refusal is a `FormError` with a stable code; none holds an answer. `docs/forms-api.md` fills a
form in fifteen lines.

Spec: https://getodk.github.io/xforms-spec/
"""

from forms.errors import FormError
from forms.form import Form, load_form
from forms.session import Session
from forms.views import Changes, Choice, NodeView, Problem, Submission

__all__ = [
    "Changes",
    "Choice",
    "Form",
    "FormError",
    "NodeView",
    "Problem",
    "Session",
    "Submission",
    "load_form",
]
