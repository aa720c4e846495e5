"""Options that several commands of `lastmile-province` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SERVICES = Path(__file__).parents[1] / "resources" / "services"
Folder = Annotated[Path, typer.Option(help="Data folder; made if missing.")]
Url = Annotated[str, typer.Option("--database", help="postgresql+psycopg://...; default SQLite.")]
ServicesFolder = Annotated[Path, typer.Option(help="Folder of service packages.")]
