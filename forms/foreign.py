"""A form of another server as a service package."""

from __future__ import annotations

from collections.abc import Mapping

from forms.service import Limits, Origin, ServicePackage, Words


def foreign_package(
    service_id: str, version: str, name: str, files: Mapping[str, bytes], origin: Origin
) -> ServicePackage:
    """A form of another server as a service: it has no guide, no rules, no limits, no paper.

    Args:
        service_id: Names form and version.
        version: As the server says.
        name: What people call it.
        files: `form.xml`, and the form's lists and media by name.
        origin: Where it comes from.
    """
    nothing = Words()
    return ServicePackage(
        id=service_id,
        version=version,
        item_code="",
        name=Words(name, name),
        department=Words(origin.name, origin.name),
        audience=nothing,
        aliases=(),
        tags=(),
        result="",
        limits=Limits(None, None, nothing),
        applicant={},
        grades={},
        receipt="receipt",
        certificate=None,
        basis=(),
        materials=(),
        match="",
        leaves=(),
        guide=nothing,
        sample={},
        lists=(),
        files=files,
        origin=origin,
    )
