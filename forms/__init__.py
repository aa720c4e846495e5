"""ODK XForms: load a form, fill it, get a submission. Pure Python, bytes in and bytes out.

`load_form` answers with a `Form`; `Form.new_session` with a `Session`; a session is answered with
`answer`, looked at with `nodes` and `view`, checked with `check`, ended with `finalise`. The values
that it shows stand in `forms.views`, its refusals in `forms.errors`.

Spec: https://getodk.github.io/xforms-spec/
"""

from forms.errors import FormError
from forms.form import Form, load_form
from forms.session import Session

__all__ = ["Form", "FormError", "Session", "load_form"]
