"""Who is who: the people of lists, of logs, and of the base that stands there already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from batch.export.phones import numbers
from batch.importing.dictionary import plain, words
from batch.importing.names import Likeness, Name, likeness, may_be_name, wholes
from batch.importing.plan import ImportPlan, says
from batch.importing.records import Somebody
from rules.reading.words import fold, fold_city, fold_id
from words import _

_MOST_SHOWN: Final = 6
K = TypeVar("K")
_NEW: Final = re.compile(r"^\s*(?:new|новый|новая)\s*:\s*(.+)$", re.IGNORECASE)


@dataclass(eq=False)
class Client:
    """One person, with all rows that name her.

    standing: her ID in the base that stands there, '' for a new one. is_client: whether she is one,
    and not just somebody in an address book whom nothing else names.
    """

    name: Name
    standing: str = ""
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    id: str = ""
    city: str = ""
    birthday: object = None
    rows: list[Somebody] = field(default_factory=list)
    is_client: bool = True

    def add(self, person: Somebody) -> None:
        """Another row of hers."""
        self.rows.append(person)
        self.phones |= person.phones
        self.emails |= person.emails
        self.id = self.id or person.id
        self.city = self.city or fold_city(str(person.fields.get("city") or ""))
        self.birthday = self.birthday or person.fields.get("birthday")
        self.is_client = self.is_client or person.is_client

    @property
    def label(self) -> str:
        """How she is shown among others."""
        return self.name.written or self.id or ", ".join(sorted(self.phones))


class _Index:
    """Clients by ID, phone, e-mail, whole name and the words of their names."""

    def __init__(self) -> None:
        self.ids: dict[str, Client] = {}
        self.phones: dict[str, list[Client]] = {}
        self.emails: dict[str, list[Client]] = {}
        self.names: dict[tuple[str, ...], list[Client]] = {}
        self._words: dict[str, list[Client]] = {}

    def add(self, client: Client) -> None:
        """Have it found."""
        for one in (client.standing, client.id):
            if one:
                self.ids.setdefault(fold_id(one), client)
        for phone in client.phones:
            _put(self.phones, phone, client)
        for email in client.emails:
            _put(self.emails, email, client)
        if client.name.key:
            _put(self.names, client.name.key, client)
        for word in client.name.words:
            for key in _keys(word):
                _put(self._words, key, client)

    def alike(self, name: Name) -> list[tuple[Likeness, Client]]:
        """The clients whose names may be meant, the most alike first."""
        near: dict[int, Client] = {}
        for word in name.words:
            for key in _keys(word):
                near |= {id(one): one for one in self._words.get(key, ())}
        found = [(likeness(name, one.name), one) for one in near.values()]
        sure = [(how, one) for how, one in found if how is not None]
        return sorted(sure, key=lambda pair: pair[0].rank, reverse=True)


def _put(index: dict[K, list[Client]], key: K, client: Client) -> None:
    ones = index.setdefault(key, [])
    if client not in ones:
        ones.append(client)


def _keys(word: str) -> Iterator[str]:
    """By what a word of a name is found: itself, the names for which it stands, itself less each of
    its letters.
    """
    bare = word.rstrip(".")
    if len(bare) < 2:
        return
    yield bare
    yield from (f"={one}" for one in wholes(bare))
    if len(bare) >= 4:
        yield from {f"-{bare[:at]}{bare[at + 1 :]}" for at in range(len(bare))}
        yield f"-{bare}"


class WhoIsWho:
    """All clients that an import finds, and to whom each row belongs."""

    def __init__(self, plan: ImportPlan, country: str, standing: Iterable[Client] = ()) -> None:
        self.plan = plan
        self.country = country
        self.clients: list[Client] = []
        self.index = _Index()
        self._left: dict[tuple[object, ...], str] = {}
        self._known: dict[tuple[object, ...], Client | None] = {}
        for one in standing:
            self._have(one)
        self.has_lists = bool(self.clients)

    def _have(self, client: Client) -> None:
        self.clients.append(client)
        self.index.add(client)

    def _new(self, person: Somebody) -> Client:
        client = Client(person.name, is_client=person.is_client)
        client.add(person)
        self._have(client)
        return client

    # Lists --------------------------------------------------------------------------------------

    def listed(self, people: Sequence[Somebody]) -> None:
        """Add the rows of lists of clients, each to whom it belongs. Raises PlanError."""
        self.has_lists = self.has_lists or bool(people)
        taken: set[int] = set()
        for person in people:
            if says(self.plan.said("people", person.name.written), "leave_out"):
                person.is_client = False
            client = self._listed(person, taken)
            if client is None:
                client = self._new(person)
            else:
                client.add(person)
                self.index.add(client)
            if client.standing:
                taken.add(id(client))

    def _listed(self, person: Somebody, taken: set[int]) -> Client | None:
        """Whose row it is; None for a new client's. *taken*: who of the standing ones has hers."""
        by_id = self.index.ids.get(fold_id(person.id)) if person.id else None
        if by_id is not None:
            return by_id
        shared = self._sharing(person)
        like = [one for one in shared if _may_be(person, one)]
        standing = [one for one in like if one.standing]
        if len(standing) == 1:
            return standing[0]
        same = [one for one in self.index.names.get(person.name.key, ()) if one not in like]
        free = [
            one
            for one in same
            if one.standing and id(one) not in taken and not _contradicts(person, one)
        ]
        if free:
            exact = [one for one in free if fold(one.name.written) == fold(person.name.written)]
            return (exact or free)[0]
        others = [one for one in (*like, *same) if one.rows or one.standing]
        for one in dict.fromkeys(others):
            if self._is_merged(person, one, shares=one in like):
                return one
        return None

    def _is_merged(self, person: Somebody, client: Client, *, shares: bool) -> bool:
        """Whether she says, or it is proposed, that a row is another one of a client's."""
        is_same = shares or not _contradicts(person, client)
        where = client.rows[0].row if client.rows else client.standing
        key = f"{person.name.written} ({person.row}) = {client.label} ({where})"
        proposal = _("same") if is_same else _("two")
        answer = self.plan.answer("merge", key, proposal, person.where)
        if says(answer, "same"):
            return True
        if not says(answer, "leave_out") and plain(answer) not in words("two"):
            raise self.plan.refuse("merge", key, answer)
        return False

    def _sharing(self, person: Somebody) -> list[Client]:
        """Who has a phone or an e-mail address of hers."""
        found = [one for phone in person.phones for one in self.index.phones.get(phone, ())]
        found += [one for email in person.emails for one in self.index.emails.get(email, ())]
        return list(dict.fromkeys(found))

    # Logs ---------------------------------------------------------------------------------------

    def whose(self, mentions: Sequence[Somebody]) -> None:
        """Find out whom logs name; the fuller names first. Raises PlanError."""
        order = sorted(mentions, key=lambda one: (-bool(one.id), -len(" ".join(one.name.words))))
        for person in order:
            if person.key not in self._known:
                self._known[person.key] = self._mentioned(person)
            client = self._known[person.key]
            if client is not None and not _is_known(person, client):
                client.rows.append(person)

    def of(self, person: Somebody) -> Client | None:
        """Whom a row of a log names; None for somebody who is left out."""
        return self._known.get(person.key)

    def why(self, person: Somebody) -> str:
        """Why somebody is left out."""
        return self._left.get(person.key, "")

    def _mentioned(self, person: Somebody) -> Client | None:
        if not person.name.written and not person.id:
            found = self._sharing(person)
            if len(found) == 1:
                return self._taken(found[0])
            self._left[person.key] = _("nobody has this phone or e-mail address alone")
            return None
        if person.id:
            by_id = self.index.ids.get(fold_id(person.id))
            if by_id is not None or not person.name.written:
                if by_id is None:
                    self._left[person.key] = _("nobody has this ID")
                return by_id and self._taken(by_id)
        return self._named(person)

    def _named(self, person: Somebody) -> Client | None:
        sharing = [one for one in self._sharing(person) if _may_be(person, one)]
        if len(sharing) == 1:
            return self._joined(sharing[0], person)
        same = self.index.names.get(person.name.key, [])
        sure = [one for one in same if not _contradicts(person, one)]
        is_whole = len(person.name.words) > 1 or (sure and not sure[0].name.has_brackets)
        if len(same) == 1 and len(sure) == 1 and is_whole:
            return self._joined(sure[0], person)
        return self._asked(person)

    def _taken(self, client: Client) -> Client:
        client.is_client = True
        return client

    def _joined(self, client: Client, person: Somebody) -> Client:
        client.phones |= person.phones
        client.emails |= person.emails
        if person.id and not client.id:
            client.id = person.id
            self.index.add(client)
        return self._taken(client)

    def _asked(self, person: Somebody) -> Client | None:
        """Whom she says that a name means; else whom it seems to mean, a new client, or nobody."""
        name = person.name.written
        alike = self.index.alike(person.name)
        best = [one for how, one in alike if how.rank == alike[0][0].rank]
        is_self = plain(name) in words("self")
        is_known = bool(person.phones or person.emails) or not self.has_lists
        if not alike and is_known and not is_self and not self.plan.said("people", name):
            return self._new(person)
        shown = [self._label(one) for _how, one in alike[:_MOST_SHOWN]]
        if is_self:
            proposal = _("leave out")
        elif not alike:
            proposal = _("new") if may_be_name(name) else _("leave out")
        else:
            proposal = self._label(best[0]) if len(best) == 1 else ""
        seen = f"{person.where}, {person.row}"
        answer = self.plan.answer("people", name, proposal, seen, shown)
        client = self._answered(person, answer, alike, proposal)
        return None if client is None else self._joined(client, person)

    def _answered(
        self,
        person: Somebody,
        answer: str,
        alike: Sequence[tuple[Likeness, Client]],
        proposal: str,
    ) -> Client | None:
        if says(answer, "same"):
            answer = proposal
        renamed = _NEW.match(answer)
        if says(answer, "new") or renamed:
            if renamed:
                person.name = Name(renamed[1].strip())
                person.fields["name"] = person.name.written
            return self._new(person)
        if not answer or says(answer, "leave_out"):
            why = _("left out by the plan") if answer else _("it isn't told who this is")
            self._left[person.key] = why
            return None
        offered = [one for _how, one in alike if fold(self._label(one)) == fold(answer)]
        found = offered[:1] or self._called(answer)
        if len(found) > 1:
            found = [one for one in found if any(one is other for _how, other in alike)]
        if len(found) != 1:
            raise self.plan.refuse("people", person.name.written, answer)
        return found[0]

    def _called(self, answer: str) -> list[Client]:
        """Whom an answer names: by label, ID, phone or name."""
        same = self.index.names.get(Name(answer).key, ())
        exact = [one for one in same if fold(one.name.written) == fold(answer)]
        if len(exact) == 1:
            return exact
        by_id = self.index.ids.get(fold_id(answer))
        if by_id is not None:
            return [by_id]
        phones = [one.e164 for one in numbers(answer, self.country)]
        by_phone = [one for phone in phones for one in self.index.phones.get(phone, ())]
        return by_phone or list(self.index.names.get(Name(answer).key, ()))

    def _label(self, client: Client) -> str:
        """How a client is offered: by her name, with her phone where others have that name."""
        others = self.index.names.get(client.name.key, ())
        if len(others) > 1 and client.phones:
            return f"{client.label}, {min(client.phones)}"
        if len(others) > 1 and client.standing:
            return f"{client.label}, {client.standing}"
        return client.label


def _is_known(person: Somebody, client: Client) -> bool:
    """Whether the rows of a client say already what a mention of hers does."""
    keys = {key for row in client.rows for key in row.fields}
    names = {row.name.written for row in client.rows}
    return person.name.written in names and person.fields.keys() <= keys


def _may_be(person: Somebody, client: Client) -> bool:
    """Whether names, as far as there are any, allow that a row is a client's."""
    if not person.name.words or not client.name.words:
        return True
    return likeness(person.name, client.name) is not None


def _contradicts(person: Somebody, client: Client) -> bool:
    """Whether phones, e-mail addresses or birthdays tell that they are two."""
    if person.id and client.id and fold_id(person.id) != fold_id(client.id):
        return True
    if person.phones & client.phones or person.emails & client.emails:
        return False
    birthday = person.fields.get("birthday")
    if birthday and client.birthday and birthday != client.birthday:
        return True
    return bool(person.phones and client.phones)
