"""`desktop.project_desk.ProjectDesk` over casework."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import TypeVar, cast

from casework import openrosa, projects, rights
from casework.office import Office
from desktop.local_projects import NO_TROUBLE, ProjectLinks
from desktop.project_desk import FetchedForms, FoundProject, ProjectLine
from sync.openrosa_code import Account, tidy_url

T = TypeVar("T")
Links = Callable[[], ProjectLinks | None]


class OfficeProjects:
    """Reads the list on the GUI thread; pictures and servers on `workers`."""

    def __init__(self, office: Office, workers: Executor, links: Links) -> None:
        self._office, self._workers, self._links = office, workers, links

    def may_add(self) -> bool:
        """Whether who is signed in may add and remove projects."""
        return rights.may(self._office.store.operator, "enrol")

    def may_fetch(self) -> bool:
        """Whether who is signed in may ask for newer forms."""
        return rights.may(self._office.store.operator, "send")

    def projects(self) -> Sequence[ProjectLine]:
        """The projects in use."""
        links = self._links()
        return [_line(each, links) for each in projects.everything(self._office)]

    def read(self, data: bytes) -> Future[FoundProject]:
        """The project in a picture of a settings code, or in its text."""
        return self._workers.submit(lambda: _found(projects.read_settings(data)))

    def typed(self, url: str, login: str, password: str) -> FoundProject:
        """A project by its address; without a login the password is a token."""
        scheme = "token" if password and not login else "auto"
        return _found(Account(tidy_url(url), login, password, scheme, username=login))

    def try_out(self, found: FoundProject) -> Future[Sequence[str]]:
        """Names of the forms that the server offers; nothing is kept."""
        account = cast("Account", found.account)
        return self._workers.submit(projects.try_out, self._office, account)

    def add(self, found: FoundProject) -> Future[FetchedForms]:
        """Keep a project and fetch its forms."""
        account = cast("Account", found.account)
        return self._then_follow(lambda: _told(openrosa.connect(self._office, account)))

    def fetch(self, project: str) -> Future[FetchedForms]:
        """Look for newer forms."""
        return self._workers.submit(lambda: _told(openrosa.fetch(self._office, project)))

    def remove(self, project: str) -> Future[None]:
        """Forget a project's settings and offer its forms no more."""
        return self._then_follow(lambda: projects.remove(self._office, project))

    def _then_follow(self, do: Callable[[], T]) -> Future[T]:
        def both() -> T:
            made = do()
            links = self._links()
            if links is not None:
                links.follow()
            return made

        return self._workers.submit(both)


def _line(project: projects.Project, links: ProjectLinks | None) -> ProjectLine:
    code, fields = links.trouble(project.id) if links is not None else NO_TROUBLE
    return ProjectLine(
        id=project.id,
        name=project.name,
        host=project.host,
        login=project.login,
        forms=project.forms,
        fetched_at=project.fetched_at,
        by_hand=not project.autosend,
        trouble=code,
        trouble_fields=fields,
    )


def _found(account: Account) -> FoundProject:
    return FoundProject(account.name, account.host, account.login, account)


def _told(fetched: openrosa.Fetched) -> FetchedForms:
    refused = tuple((each.name, each.code, each.fields) for each in fetched.refused)
    return FetchedForms(fetched.new, refused, fetched.offered)
