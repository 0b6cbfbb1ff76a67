"""Pages that are written by hand but for what they take from the program.

Three things are made anew in them:

- what stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``;
- under each command of a ``console`` block, what the command prints;
- in the ``text`` block after a ``python`` block, what the code prints.

The examples of a page run one after the other in one empty folder, with a clock that stands still. A
``yaml`` or ``toml`` block that begins with a file's name as a comment is that file.
"""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims import vocabulary as v
from claims.errors import Conflict
from claims.kinds import KINDS
from claims.resolve.rules import RULES
from docs import meanings
from tests.support.session import Terminal, run_session
from tracker.app.policies import PROGRAM, load_policy
from tracker.app.registered import registered_policies
from tracker.app.undoing import inverse
from tracker.formats import acts, csvmap
from tracker.formats import casebookfields as casebook
from tracker.formats.ratings import ratings_table
from tracker.formats.wikidata.reading import taken as wikidata_properties
from tracker.journal.entry import Entry
from tracker.store.project import ACTS
from tracker.store.views import VIEWS, View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from enum import StrEnum

FOLDER = Path(__file__).parent

_BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FENCED = re.compile(r"^```(?P<form>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# (\S+\.(?:yaml|toml))\b")
_EXPORT = re.compile(r"export (\w+)=(\S+)")


def page(name: str, **blocks: str) -> str:
    """A page with its generated parts and its examples made anew.

    Raises ``KeyError`` for a part that nothing generates.
    """
    text = (FOLDER / name).read_text("utf-8")

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}\n{blocks[found['name'].replace('-', '_')]}\n\n{found[3]}"

    return run_examples(_BLOCK.sub(fill, text))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _same(described: Collection[str], there: Collection[str], what: str) -> None:
    if left := sorted(set(described) ^ set(there)):
        raise KeyError(f"{what}: described or there, but not both: {', '.join(left)}")


# --- examples ---------------------------------------------------------------------------------


def run_examples(text: str) -> str:
    """A page with what its examples print in the place of what is written there."""
    with tempfile.TemporaryDirectory() as folder:
        return _FENCED.sub(_Examples(Path(folder)).run, text)


class _Shell(Terminal):
    """A terminal that remembers what was exported."""

    def run(self, command: str) -> str:
        if setting := _EXPORT.fullmatch(command):
            self.environment[setting[1]] = setting[2]
            return ""
        shown = super().run(command)
        if "error[bug]" in shown:
            raise RuntimeError(f"{command}: {shown}")
        return shown


class _Examples:
    """The examples of one page, in one folder, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.shell = _Shell(folder)
        self.names: dict[str, Any] = {}
        self.printed: str | None = None

    def run(self, found: re.Match[str]) -> str:
        form, body = found["form"], found["body"]
        if form == "console":
            body = run_session(body, self.shell)
        elif form == "python":
            self._execute(body)
        elif form == "text" and self.printed is not None:
            body, self.printed = self.printed, None
        elif form in ("yaml", "toml") and (name := _FILE.match(body)):
            (self.shell.folder / name[1]).write_text(body, "utf-8")
        return f"```{form}\n{body}```"

    def _execute(self, code: str) -> None:
        printed = io.StringIO()
        with contextlib.chdir(self.shell.folder), contextlib.redirect_stdout(printed):
            exec(compile(code, "example", "exec"), self.names)  # noqa: S102 - our own pages
        self.printed = printed.getvalue()


# --- vocabulary.md ----------------------------------------------------------------------------


def render_vocabulary() -> str:
    """The words of the record, with their values."""
    return page(
        "vocabulary.md",
        kinds=_kinds(),
        stances=_terms(v.Stance, meanings.STANCES),
        relations=_terms(v.Relation, meanings.RELATIONS),
        link_states=_terms(v.LinkState, meanings.LINK_STATES),
        reliability=_terms(v.Reliability, meanings.RELIABILITY),
        credibility=_terms(v.Credibility, meanings.CREDIBILITY),
        basis=_terms(v.Basis, meanings.BASIS),
        side=_terms(v.Side, meanings.SIDE),
        withdrawals=_terms(v.Withdrawal, meanings.WITHDRAWALS),
        source_types=_terms(v.SourceType, meanings.SOURCE_TYPES),
        entity_types=_terms(v.EntityType, meanings.ENTITY_TYPES),
        statuses=_statuses(),
        confidence=_terms(v.Confidence, meanings.CONFIDENCE),
        likelihood=_likelihood(),
    )


def _terms(vocabulary: type[StrEnum], meaning: Mapping[str, str]) -> str:
    terms = [term.value for term in vocabulary]
    _same(meaning, terms, vocabulary.__name__)
    return table(("term", "meaning"), [(f"`{term}`", meaning[term]) for term in terms])


def _kinds() -> str:
    rows = []
    for kind, rules in KINDS.items():
        subject = " or ".join(rules.subject) or "any"
        value = {
            "none": "none",
            "count": "a count",
            "text": "words",
            "any": "any words",
            "entity": "an entity",
        }
        rows.append(
            (
                f"`{kind}`",
                rules.meaning,
                subject + (" (needed)" if rules.needs_subject else ""),
                value[rules.value] + (" (needed)" if rules.needs_value else ""),
                "needed" if rules.needs_when else "may have one",
                "state" if rules.state else "event",
            )
        )
    return table(("kind", "what is claimed", "subject", "value", "date", "nature"), rows)


def _statuses() -> str:
    at = load_policy().thresholds
    held = f"{at.corroborated:.0%}"
    given = {
        v.Status.RETRACTED: "a source that supported it took that back itself, and no support is left",
        v.Status.SUPERSEDED: (
            "a claim that a person linked as superseding it has evidence, is likelier, and stands at "
            f"{held} or more; or it would stand at {held} or more by its own evidence, is below 50% with "
            f"its ties, and a rival answer to the same question, with newer support, stands at {held} or more"
        ),
        v.Status.REFUTED: (
            f"its likelihood is {at.refuted:.0%} or less, with two opposing lines, or with a line at first "
            f"hand or of a source graded A or B; or {at.refuted_by_one:.0%} or less with any lines"
        ),
        v.Status.CONFIRMED: (
            f"its likelihood is {at.confirmed:.0%} or more, with two supporting lines known to be "
            "independent, or an official record"
        ),
        v.Status.DISPUTED: (
            f"each side carries {at.real_weight:g} or more (log-odds; ties included, mentions not), and its "
            f"likelihood is below {at.confirmed:.0%}"
        ),
        v.Status.CORROBORATED: (
            f"its likelihood is {held} or more, with two supporting lines not read in one document, a "
            "witness or an official record; "
            f"or {at.corroborated_by_one:.0%} or more with any lines; or {at.confirmed:.0%} or more with "
            "real weight on both sides, where it is not `confirmed`"
        ),
        v.Status.DOUBTFUL: f"its likelihood is {at.doubtful:.0%} or less",
        v.Status.UNVERIFIED: "none of the others: nothing decisive",
    }
    _same(list(given), list(v.Status), "statuses")
    return table(("status", "given when"), [(f"`{status}`", when) for status, when in given.items()])


def _likelihood() -> str:
    rows, low = [], 0.0
    for high, words in v.LIKELIHOOD_TERMS:
        last = high == v.LIKELIHOOD_TERMS[-1][0]
        rows.append((words, f"{low:.0%} to {'' if last else 'below '}{high:.0%}"))
        low = high
    return table(("words", "likelihood"), rows)


# --- resolver.md ------------------------------------------------------------------------------


def render_resolver() -> str:
    """How a status is computed."""
    return page("resolver.md", policy=_policy(), rules=_rules())


def _rules() -> str:
    """The contradiction rules, with the price that the policy which ships has for each."""
    policy = load_policy()
    rows = [
        (
            f"`{rule.name}`",
            rule.says,
            rule.example,
            rule.not_this,
            f"{policy.rules[rule.name]:g}" if policy.rules.get(rule.name) else "off",
            f"{rule.strength:g}",
        )
        for rule in RULES.values()
    ]
    return table(("rule", "what it says", "for example", "but not", "price", "made for"), rows)


def _policy() -> str:
    policy = load_policy()
    parts = [
        ("Base rate", policy.base_rate, "probability"),
        *(
            (f"Stance{'' if kind == 'default' else f', of a {kind} claim'}", numbers, "log-odds")
            for kind, numbers in policy.stance.items()
        ),
        ("Reliability of the source", policy.reliability, "factor"),
        ("Credibility of the information", policy.credibility, "factor"),
        ("How the source knows", policy.basis, "factor"),
        ("Whose side it serves", policy.side, "factor"),
        ("Read in another's document", {"second-hand": policy.second_hand}, "factor"),
        ("Rule broken", policy.rules, "log-odds"),
        ("Evidence on a state loses half its weight after", policy.stale_after_days, "days"),
    ]
    rows = [
        (what, ", ".join(f"`{name}` {number:g}" for name, number in numbers.items()), unit)
        for what, numbers, unit in parts
    ]
    numbers = table(("what", "numbers", "unit"), rows)
    return f'`{policy.label}`. Provenance: "{policy.provenance}"\n\n{numbers}'


# --- policies.md ------------------------------------------------------------------------------


def render_policies() -> str:
    """The rules that ship, and when to use which."""
    shipped = (each for each in registered_policies() if each.origin == PROGRAM)
    rows = [(f"`{each.label}`", each.says, each.provenance) for each in shipped]
    return page("policies.md", policies=table(("policy", "says", "where its numbers come from"), rows))


# --- journal.md -------------------------------------------------------------------------------


def render_journal() -> str:
    """The journal: entries, acts, hashes, verification."""
    return page("journal.md", acts=_acts())


def _acts() -> str:
    _same(meanings.ACTS, ACTS, "acts")
    rows = [(f"`{act}`", meanings.ACTS[act], _undone_by(act)) for act in ACTS]
    return table(("act", "what it records", "undone by"), rows)


def _undone_by(act: str) -> str:
    was: Any = "open" if act == "link.resolved" else "resolved"
    if act == "evidence.restored":
        was = {"how": "mistake", "on": None}
    payload: dict[str, Any] = {"set": {}, "was": was, "state": "", "grade": None, "into": "", "from": ""}
    payload |= {"how": "mistake", "on": None}
    try:
        return f"`{inverse(Entry(1, 1, '', '', act, '', '', payload))[0]}`"
    except Conflict:
        return "nothing"


# --- casebook.md ------------------------------------------------------------------------------


def render_casebook() -> str:
    """The casebook: its sections and fields."""
    return page("casebook.md", fields=_fields())


_FORMS = {
    casebook.TEXT: "text",
    casebook.FLAG: "`true` or `false`",
    casebook.TEXTS: "list of texts",
    casebook.DATE: "date",
    casebook.WITHDRAWAL: "a [`withdrawn`](#withdrawn)",
    casebook.GRADES: "list of [`grades`](#grades)",
    casebook.EVIDENCE: "list of [`evidence`](#evidence)",
}


def _fields() -> str:
    _same(casebook.MEANINGS, casebook.FIELDS, "sections")
    parts = []
    for section, forms in casebook.FIELDS.items():
        _same(casebook.MEANINGS[section], forms, section)
        needed = casebook.REQUIRED[section]
        rows = [
            (
                f"`{name}`{' (needed)' if name in needed else ''}",
                _FORMS[form],
                casebook.MEANINGS[section][name],
            )
            for name, form in forms.items()
        ]
        parts += [f"### `{section}`", casebook.SECTIONS[section], table(("field", "form", "meaning"), rows)]
    return "\n\n".join(parts)


# --- imports.md -------------------------------------------------------------------------------


def render_imports() -> str:
    """Imports of tables: their examples, and the fields of a map."""
    needed = csvmap.HOLDS[csvmap.EVIDENCE][1]
    rows = [
        (f"`{name}`{' (needed)' if name in needed else ''}", meaning)
        for name, meaning in csvmap.FIELDS.items()
    ]
    return page("imports.md", fields=table(("field", "what a row says by it"), rows))


# --- formats.md -------------------------------------------------------------------------------


def render_formats() -> str:
    """Formats: their examples, and the fields of acts."""
    return page("formats.md", acts_of_files=_acts_of_files())


def _acts_of_files() -> str:
    rows = []
    for word, act in acts.ACTS.items():
        said = " ".join((act.__doc__ or "").split()).replace("``", "`")
        needed = [each.name for each in fields(act) if each.default is MISSING]
        others = [each.name for each in fields(act) if each.default is not MISSING]
        names = ", ".join([*(f"**`{name}`**" for name in needed), *(f"`{name}`" for name in others)])
        rows.append((f"`{word}`", f"`{act.__name__}`", names, said))
    return table(("act", "class", "fields (in bold: needed)", "what it says"), rows)


# --- sql.md -----------------------------------------------------------------------------------


def render_sql() -> str:
    """The views: their examples, and the columns of each."""
    return page("sql.md", views="\n\n".join(_view(name, view) for name, view in VIEWS.items()))


def _view(name: str, view: View) -> str:
    rows = [(f"`{column}`", kind, meaning) for column, (kind, _, meaning) in view.columns.items()]
    return f"## {name}\n\nA row: {view.rows}.\n\n{table(('column', 'type', 'what it is'), rows)}"


# --- claimreview.md ---------------------------------------------------------------------------


def render_claimreview() -> str:
    """ClaimReview: its examples, and what ratings mean."""
    return page("claimreview.md", ratings=_ratings())


def _ratings() -> str:
    rows = []
    for status, (written, bound, words) in ratings_table().items():
        number = written.get("ratingValue")
        scale = f"{number} ({written['worstRating']} to {written['bestRating']})" if number else "no number"
        rows.append(
            (f"`{status}`", f"{written['alternateName']}, {scale}", str(bound or ""), "; ".join(words))
        )
    return table(("status", "written as", "read from numbers up to", "read from words such as"), rows)


# --- python.md --------------------------------------------------------------------------------


def render_python() -> str:
    """The Python interface."""
    return page("python.md")


def render_stix() -> str:
    """docs/stix.md: its examples."""
    return page("stix.md")


def render_misp() -> str:
    """docs/misp.md: its examples."""
    return page("misp.md")


def render_agreement() -> str:
    """Learning from agreement."""
    return page("agreement.md")


def render_plots() -> str:
    """docs/plots.md: its examples."""
    return page("plots.md")


def render_clocks() -> str:
    """docs/clocks.md: its examples."""
    return page("clocks.md")


def render_corrections() -> str:
    """docs/corrections.md: its examples."""
    return page("corrections.md")


def render_sharing() -> str:
    """docs/sharing.md: its examples."""
    return page("sharing.md")


# --- trust.md -----------------------------------------------------------------------------------


def render_trust() -> str:
    """What is promised, and how to verify it without this program."""
    program = FOLDER.parent / "tests" / "support" / "verify_bundle.py"
    text = program.read_text("utf-8").partition('if __name__ == "__main__":')[0].rstrip()
    return page("trust.md", verifier=f"```python\n{text}\n```")


def render_wikidata() -> str:
    """docs/wikidata.md."""
    rows = [
        (
            f"{it.name} ({it.id})",
            f"`{it.kind}`",
            it.text.replace("{subject}", "X").replace("{value}", "Y").replace("{when}", "then"),
        )
        for it in wikidata_properties()
    ]
    heads = ("property", "kind of claim", "what it says")
    return page("wikidata.md", wikidata_properties=table(heads, rows))


PAGES: dict[str, Callable[[], str]] = {
    "agreement.md": render_agreement,
    "casebook.md": render_casebook,
    "corrections.md": render_corrections,
    "formats.md": render_formats,
    "journal.md": render_journal,
    "misp.md": render_misp,
    "policies.md": render_policies,
    "imports.md": render_imports,
    "python.md": render_python,
    "resolver.md": render_resolver,
    "claimreview.md": render_claimreview,
    "clocks.md": render_clocks,
    "plots.md": render_plots,
    "sharing.md": render_sharing,
    "sql.md": render_sql,
    "stix.md": render_stix,
    "trust.md": render_trust,
    "vocabulary.md": render_vocabulary,
    "wikidata.md": render_wikidata,
}
"""Each page with the function that gives its whole text."""
