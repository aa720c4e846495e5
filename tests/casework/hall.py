"""A profile in which each role has a login, and applications to fill in it."""

from __future__ import annotations

import base64
from pathlib import Path

from casework import filling
from casework.office import Office, Resources, local_now, new_id
from forms.answers import give_sample
from store import members
from store.keys import Cost
from store.open import create_store, unlock
from store.secrets import FileBox

# One white pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEANl9ngAAAAABJRU5ErkJggg=="
)
PASSWORD = "richtig-pferd-5"
ROLES = {"admin": "administrator", "li": "clerk", "wang": "clerk", "zhao": "supervisor"}


class Hall:
    """A profile in which each role has a login."""

    def __init__(self, folder: Path, resources: Resources) -> None:
        self.folder, self.resources = folder / "hall", resources
        self.box = FileBox(folder / "device")
        create_store(
            self.folder,
            login="admin",
            name="admin",
            password=PASSWORD,
            role="administrator",
            secret=self.box,
            operator_id=new_id(),
            now=local_now(),
            cost=Cost(64, 1),
        )
        self.office: Office | None = None
        admin = self.enter("admin")
        for login, role in ROLES.items():
            if login != "admin":
                members.add(
                    admin.store,
                    operator_id=new_id(),
                    login=login,
                    name=login,
                    role=role,
                    password=PASSWORD,
                    must_change=False,
                    now=local_now(),
                    cost=Cost(64, 1),
                )

    def enter(self, login: str) -> Office:
        self.leave()
        store = unlock(self.folder, login, PASSWORD, secret=self.box, now=local_now())
        self.office = Office(store, self.resources)
        return self.office

    def leave(self) -> None:
        if self.office is not None:
            self.office.store.close()
            self.office = None


def begun(office: Office) -> filling.Filling:
    form = office.catalogue.form("juzhu-zhengming")
    return filling.begin(office, "juzhu-zhengming", form, language="zh_CN")


def filled(office: Office) -> filling.Filling:
    made = begun(office)
    give_sample(made.package, made.session)
    for ref in ("/data/papers/id_copy", "/data/papers/home_proof"):
        name = filling.attach(
            office, made, ref, name="张三的身份证.png", media_type="image/png", data=PNG
        )
        assert "张三" not in name
        made.session.answer(ref, name)
    return made
