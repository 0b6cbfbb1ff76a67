"""The guard of the journal on PostgreSQL: triggers that let whoever is connected add only what they may,
each entry after the last, and that let nobody change or delete one.

A grant knows tables; which act an entry records, and after which entry it comes, only a trigger can see.
``session_user`` is whom the server let in: neither SET ROLE nor a function changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.project import ACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ADDED, KEPT = "tracker_entries_added", "tracker_entries_kept"
"""The functions of the triggers."""

OWNERS = frozenset({"entry.redacted"})
"""Acts that need the owner."""

REVIEWERS = frozenset(
    act
    for act in ACTS
    if act.startswith(("assessment.", "publication.", "policy."))
    or act in ("claim.published", "source.graded")
)
"""Acts that need a reviewer."""

LOGGERS = frozenset(ACTS) - OWNERS - REVIEWERS
"""Acts that every logger may do. What a later program records needs the owner, until this is renewed."""

REVIEWED_FIELDS = ("policy", "rules_off", "needs_approval")
"""What of a case only reviewers set: how its claims are resolved, and who judges them."""

GRADE = "reliability"
"""What of a source only reviewers change, by an act of its own: in another it is not taken from loggers."""

_ADDED = """
CREATE OR REPLACE FUNCTION {schema}.{added}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    first bigint;
    last bigint;
    several bigint;
    rank integer := CASE
        WHEN pg_has_role(session_user, {owner}, 'MEMBER') THEN 3
        WHEN pg_has_role(session_user, {reviewer}, 'MEMBER') THEN 2
        WHEN pg_has_role(session_user, {logger}, 'MEMBER') THEN 1
        ELSE 0 END;
    wrong record;
BEGIN
    SELECT min(seq), max(seq), count(*) INTO first, last, several FROM added;
    IF several = 0 THEN
        RETURN NULL;
    END IF;
    IF first <> 1 + (SELECT coalesce(max(seq), 0) FROM {schema}.journal WHERE seq < first)
        OR last <> first + several - 1
        OR last <> (SELECT max(seq) FROM {schema}.journal)
    THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('entries %s to %s do not follow on the last one', first, last);
    END IF;
    SELECT a.seq, a.act INTO wrong FROM added a
        WHERE a.act = 'assessment.approved' AND EXISTS (
            SELECT FROM {schema}.journal j WHERE j.subject = a.subject AND j.act = 'assessment.made'
                AND (j.author IN (a.author, a.body::jsonb -> 'received' ->> 'by')
                    OR nullif(j.body, '')::jsonb -> 'payload' ->> 'by'
                        IN (a.author, a.body::jsonb -> 'received' ->> 'by'))
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('entry %s approves an assessment of its own author', wrong.seq);
    END IF;
    IF rank = 3 THEN
        RETURN NULL;
    END IF;
    -- Each text is parsed once: OFFSET 0 keeps the planner from doing so for every use.
    SELECT c.seq, c.act, c.author, c.needs, c.true_to_text INTO wrong FROM (
        SELECT t.seq, t.act, t.author, {signed} AS signed,
            CASE
                WHEN t.act = ANY ({loggers}) AND NOT (
                    t.act LIKE 'case.%' AND (
                        coalesce(t.b -> 'payload' ?| {fields}, false)
                        OR coalesce(t.b -> 'payload' -> 'set' ?| {fields}, false)
                    )
                    OR t.act = 'source.revised' AND coalesce(t.b -> 'payload' -> 'set' ? {grade}, false)
                ) THEN 1
                WHEN t.act = ANY ({loggers}) OR t.act = ANY ({reviewers}) THEN 2
                ELSE 3 END AS needs,
            t.leaf = encode(sha256('\\x00'::bytea || convert_to(t.body, 'UTF8')), 'hex')
                AND coalesce(t.b -> 'seq' = to_jsonb(t.seq) AND t.b -> 'batch' = to_jsonb(t.batch)
                    AND t.b ->> 'recorded_at' = t.recorded_at AND t.b ->> 'author' = t.author
                    AND t.b ->> 'act' = t.act AND t.b ->> 'subject' = t.subject, false) AS true_to_text
        FROM (SELECT a.*, a.body::jsonb AS b FROM added a OFFSET 0) AS t
        OFFSET 0
    ) AS c WHERE NOT c.true_to_text OR c.needs > rank OR NOT c.signed LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard', MESSAGE = CASE
        WHEN NOT wrong.true_to_text
        THEN format('the columns of entry %s are not what its text says', wrong.seq)
        WHEN wrong.needs > rank THEN format('%s needs the role %s, which %s does not have', wrong.act,
            (ARRAY[{logger}, {reviewer}, {owner}])[wrong.needs], session_user)
        ELSE format('an entry of %s cannot be by %s', session_user, wrong.author) END;
END
$guard$
"""

_SIGNED = "(t.author = session_user OR coalesce(t.b -> 'received' ->> 'by' = session_user::text, false))"
"""Whether an entry is by who is connected, or was brought by them out of another journal."""

_KEPT = """
CREATE OR REPLACE FUNCTION {schema}.{kept}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $guard$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_has_role(session_user, {owner}, 'MEMBER') AND NEW.body = ''
        AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body'
    THEN
        RETURN NEW;  -- a redaction: the text goes, its hash stays
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
        MESSAGE = 'entries of the journal are added, and never changed or deleted';
END
$guard$
"""

_TRIGGERS = (
    (ADDED, "AFTER INSERT", "REFERENCING NEW TABLE AS added FOR EACH STATEMENT", ADDED),
    (f"{KEPT}_update", "BEFORE UPDATE", "FOR EACH ROW", KEPT),
    (f"{KEPT}_delete", "BEFORE DELETE", "FOR EACH STATEMENT", KEPT),
    (f"{KEPT}_truncate", "BEFORE TRUNCATE", "FOR EACH STATEMENT", KEPT),
)


def statements(schema: str, roles: Mapping[str, str], *, pinned: bool, told: str) -> list[str]:
    """What puts the guard in place, in a schema as SQL names it. ``roles`` leads from each role to its name
    in the database; ``pinned``: an entry's author is who is connected; ``told`` is kept as a comment."""
    values = {
        **{name: _text(role) for name, role in roles.items()},
        "schema": schema,
        "added": ADDED,
        "kept": KEPT,
        "loggers": _texts(LOGGERS),
        "reviewers": _texts(REVIEWERS),
        "fields": _texts(REVIEWED_FIELDS),
        "grade": _text(GRADE),
        "signed": _SIGNED if pinned else "true",
    }
    made = [_ADDED.format(**values).strip(), _KEPT.format(**values).strip()]
    for name in (ADDED, KEPT):
        made.append(f"ALTER FUNCTION {schema}.{name}() OWNER TO {roles['owner']}")
        made.append(f"REVOKE ALL ON FUNCTION {schema}.{name}() FROM PUBLIC")
    made.append(f"COMMENT ON FUNCTION {schema}.{ADDED}() IS {_text(told)}")
    for name, when, how, function in _TRIGGERS:
        made += [
            f"DROP TRIGGER IF EXISTS {name} ON {schema}.journal",
            f"CREATE TRIGGER {name} {when} ON {schema}.journal {how} EXECUTE FUNCTION {schema}.{function}()",
            f"ALTER TABLE {schema}.journal ENABLE ALWAYS TRIGGER {name}",
        ]
    return made


def _text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _texts(values: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(_text(value) for value in sorted(values))}]::text[]"
