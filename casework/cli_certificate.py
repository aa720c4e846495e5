"""`lastmile-admin certificate`: check a paper, and carry the list that papers are checked by."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import cli_decision, cli_paper, cli_template, seals
from casework import trust as belief
from casework.console import Json, Login, Profile, refusals, say, with_office
from casework.office import USUAL_PROFILE, Office, local_now
from printing import trust
from printing.errors import CredentialRefused
from printing.scan import find_code
from printing.seal import PREFIX, Credential

app = typer.Typer(help="Certificates on paper.", no_args_is_help=True)
app.command("preview")(cli_template.preview)
app.command("lint")(cli_template.lint)
app.command("font")(cli_template.font)
app.command("glyph")(cli_template.glyph)
app.command("export")(cli_paper.export)
app.command("show")(cli_paper.show)
app.command("check")(cli_paper.check)
app.command("own")(cli_paper.own)
app.command("void")(cli_decision.void)
app.command("replace")(cli_decision.replace)


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="A picture, a PDF, or a text that begins LM1:.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="List of keys and void numbers; believed as it is, no login needed."),
    ] = None,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Say whether a certificate is genuine, without a network. Exit code 1 when it is not.

    Example: lastmile-admin certificate verify photo.jpg --keys trust.json
    """
    with refusals():
        data = _read(file)
        if keys is not None:
            known, today = trust.read_unsigned(_read(keys)), local_now().date()
            facts = _facts(lambda: trust.check(_code(data), known, today=today))
        else:
            facts = with_office(
                profile, login, lambda office: _facts(lambda: belief.check(office, _code(data)))
            )
    say(facts, as_json)
    raise typer.Exit(0 if facts["genuine"] else 1)


@app.command("trust")
def take_list(
    file: Annotated[Path | None, typer.Argument(help="A list carried here; none asks.")] = None,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Take over the province's list of keys and void certificates, from a file or the network.

    Example: lastmile-admin certificate trust /media/usb/trust.json
    """

    def do(office: Office) -> dict[str, Any]:
        if file is None:
            belief.fetch(office)
        else:
            belief.take(office, _read(file))
        state = belief.freshness(office)
        return {"keys": state.keys, "voided": state.voided, "as_of": state.seen_at}

    with refusals():
        say(with_office(profile, login, do), as_json)


@app.command("seal")
def seal(
    picture: Annotated[
        Path | None, typer.Argument(help="PNG, JPEG or SVG; none prints without a seal again.")
    ] = None,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Keep the picture of the office's seal; a supervisor's login is needed.

    Example: lastmile-admin certificate seal seal.png --login zhao
    """

    def do(office: Office) -> dict[str, Any]:
        if picture is None:
            seals.drop(office)
        else:
            seals.keep(office, _read(picture))
        return {
            "sealed": picture is not None,
            "root_sha256": sha256(seals.root(office)).hexdigest(),
        }

    with refusals():
        say(with_office(profile, login, do), as_json)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        typer.echo("The file cannot be read.", err=True)
        raise typer.Exit(2) from None


def _code(data: bytes) -> str:
    text = data[:4000].decode("ascii", "ignore").strip()
    return text if text.startswith(PREFIX) else find_code(data)


def _facts(check: Callable[[], Credential]) -> dict[str, Any]:
    try:
        found = check()
    except CredentialRefused as error:
        return {"genuine": False, "code": error.code, "why": type(error).__name__, **error.fields}
    return {
        "genuine": True,
        "number": found.number,
        "issuer": found.issuer,
        "holder": found.holder_name,
        "id_ends": found.id_last4,
        "issued_on": found.issued_on,
        "valid_until": found.valid_until or "",
        "template": found.template,
    }
