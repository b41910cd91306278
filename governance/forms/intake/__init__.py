"""The intake form, a form per section.  A draft may leave everything but the title open."""

from governance.forms.intake.about import AboutForm
from governance.forms.intake.answers import AssessmentsForm, NullAlternativeForm, ResponsibilityForm
from governance.forms.intake.around import CoEditorForm, ShieldingForm, UploadForm
from governance.forms.intake.common import SectionForm
from governance.forms.intake.costs import CostsForm
from governance.forms.intake.start import StartForm

__all__ = [
    "AboutForm",
    "AssessmentsForm",
    "CoEditorForm",
    "CostsForm",
    "NullAlternativeForm",
    "ResponsibilityForm",
    "SectionForm",
    "ShieldingForm",
    "StartForm",
    "UploadForm",
]
