"""`lastmile-admin certificate export`, `show` and `check`: papers as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casework import paper_files
from casework.console import Json, Login, Profile, refusals, say, with_office
from casework.office import RESOURCES, USUAL_PROFILE, Office
from printing import sign
from printing.errors import NotSigned, SignatureBroken, SignerUnknown
from printing.fonts import load_fonts
from printing.ofd_read import read_ofd, to_pdf

File = Annotated[Path, typer.Argument(help="The file.", dir_okay=False, exists=True)]


def export(
    number: Annotated[str, typer.Argument(help="Number of the certificate.")],
    out: Annotated[Path, typer.Option(help="File to write: a name ending in .pdf or .ofd.")],
    reason: Annotated[str, typer.Option(help="Why another copy is made.")] = "",
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Write the next copy of a certificate as a signed PDF/A, or as OFD (experimental).

    Example: lastmile-admin certificate export 玉龙居证〔2026〕00018号 --out proof.pdf --login li
    """
    kind = out.suffix.lower()
    if kind not in {".pdf", ".ofd"}:
        raise typer.BadParameter("--out must end in .pdf or .ofd")

    def do(office: Office) -> bytes:
        make = paper_files.signed_pdf if kind == ".pdf" else paper_files.as_ofd
        return make(office, f"certificate:{number}", reason)

    out.write_bytes(with_office(profile, login, do))


def show(
    file: File,
    out: Annotated[Path, typer.Option(help="PDF to write.")] = Path("shown.pdf"),
    as_json: Json = False,
) -> None:
    """Turn an OFD received into a PDF to look at or print (experimental).

    Exit code 1 when some of it could not be shown.

    Example: lastmile-admin certificate show received.ofd --out received.pdf
    """
    with refusals():
        fonts = load_fonts(RESOURCES / "fonts")
        found = read_ofd(file.read_bytes(), fonts)
        out.write_bytes(to_pdf(found, fonts))
    facts = {"pages": len(found.pages), "signed": found.signed, "not_shown": list(found.unseen)}
    say(facts, as_json)
    raise typer.Exit(1 if found.unseen else 0)


def check(
    file: File,
    root: Annotated[list[Path], typer.Option(help="Certificate (DER) of an office or province.")],
    as_json: Json = False,
) -> None:
    """Say whether a signed PDF is whole and who signed it, without a network.

    Exit code 1 when it is not.

    Example: lastmile-admin certificate check proof.pdf --root office.der
    """
    roots = [each.read_bytes() for each in root]
    try:
        found = sign.check(file.read_bytes(), roots)
    except (NotSigned, SignatureBroken, SignerUnknown) as error:
        say({"whole": False, "code": error.code, "why": type(error).__name__}, as_json)
        raise typer.Exit(1) from None
    say({"whole": True, "signer": found.signer, "signed_at": found.signed_at}, as_json)


def own(
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("office.der"),
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
) -> None:
    """Write the certificate by which others check the PDFs that this office signed.

    Example: lastmile-admin certificate own --out office.der
    """
    out.write_bytes(with_office(profile, login, paper_files.signing_certificate))
