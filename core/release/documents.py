"""The papers of a bundle that people and catalogues read: README.md and croissant.json.

Both are made from what the manifest will state, before it is written, since the manifest hashes them too.
"""

import json

from core.release import canonical
from core.release.gates import BY_RULES
from core.release.manifest import CROISSANT, PURPOSE, RECEIPTS, Counts, File, provenance
from core.release.meta import BundleMeta
from core.release.purpose import PROHIBITED

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
    "usageInfo": "cr:usageInfo",
}
_PURGE = "Recipients delete rows that a signed recall names, and stop using them."


def readme(meta: BundleMeta, counts: Counts, public_line: str) -> str:
    """README.md: front matter that dataset loaders read, then a data sheet."""
    dta = provenance(meta)
    redactions = "\n".join(f"| {name} | {number} |" for name, number in sorted(counts.redactions.items()))
    included = counts.overridden.to_include
    alone = f" It worked by {BY_RULES}." if meta.detector.rules_only else ""
    policies = ", ".join(version for version, _ in meta.policies)
    return f"""---
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.jsonl
license: other
license_name: purpose-bound
license_link: {PURPOSE}
pretty_name: {json.dumps(dta["title"], ensure_ascii=True)}
task_categories:
- text-generation
---
# Redacted interaction records

## Motivation

Released to *{_plain(meta.recipient)}* for the purpose `{meta.purpose}`. The terms are in {PURPOSE}.

## Composition

{_many(counts.rows, "row")} with {_many(counts.messages, "message")} of {_many(counts.subjects, "person", "people")},
profile `{meta.profile}`.
{_many(counts.hidden_dropped, "message")} on hidden branches {_were(counts.hidden_dropped)} left out.
A row's ids are pseudonyms made for this recipient alone.

## Collection and consent

Every row was decided by policy {_plain(policies)} against the consent ledger as of {dta["issue_date"]}.
{RECEIPTS} states, line by line in the order of the rows, the rule and the consent events of each.
{_many(included, "row")} {_were(included)} included by two people against the first verdict;
reviewers excluded {_many(counts.overridden.to_exclude, "record")}.

{_left_out(meta, counts)}

## Preprocessing

Personal information was found by {_plain(meta.detector.name)} {_plain(meta.detector.version)}
and replaced in the style `{meta.redaction_style}`.{alone}
Redaction reduces personal information; it does not promise none.

| replaced | times |
|---|---|
{redactions or "| nothing | 0 |"}

## Uses

Allowed: {meta.purpose}. Prohibited: {", ".join(PROHIBITED)}.

## Distribution and verification

Signed by this key; compare its fingerprint with one that you were given on another way:

    {public_line}

    consent-desk verify FOLDER --key FINGERPRINT
    ssh-keygen -Y verify -f allowed_signers -I SIGNER -n training-export -s MANIFEST.json.sig < MANIFEST.json
    sha256sum -c SHA256SUMS

## Maintenance

{_PURGE}
"""


def _left_out(meta: BundleMeta, counts: Counts) -> str:
    """The table of what the verdicts left out; a set that a person chose leaves out more than verdicts can say."""
    if meta.chosen:
        return "A person chose the set by a query or a list; what is not in it is not counted by reason here."
    lines = [f"| {name} | {number} |" for name, number in sorted(counts.excluded_by_reason.items())]
    return "\n".join(("| left out because of | conversations |", "|---|---|", *(lines or ["| nothing | 0 |"])))


def _many(number: int, one: str, more: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _plain(text: str) -> str:
    """A label inside Markdown: what would be markup is escaped."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|~" else c for c in text)


def croissant(meta: BundleMeta, counts: Counts, files: dict[str, File]) -> bytes:
    """croissant.json: Croissant 1.1 with its RAI terms, the purpose as an ODRL offer. Ends with a line feed."""
    dta = provenance(meta)
    shards = [path for path in sorted(files) if path.startswith("data/")]
    offer = {
        "@type": "odrl:Offer",
        "odrl:permission": [{"odrl:action": "odrl:use", "odrl:constraint": _constraint(meta.purpose)}],
        "odrl:prohibition": [{"odrl:action": "odrl:use", "odrl:constraint": _constraint(no)} for no in PROHIBITED],
    }
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": "redacted-interaction-records",
        "description": dta["description"],
        "datePublished": dta["issue_date"],
        "license": PURPOSE,
        "url": CROISSANT,
        "version": "1.0.0",
        "creator": {"@type": "sc:Organization", "name": meta.issuer},
        "usageInfo": offer,
        "prov:wasGeneratedBy": {"@type": "prov:Activity", "name": f"{meta.app_name} {meta.app_version}"},
        "prov:wasDerivedFrom": [
            {"@type": "prov:Entity", "name": s.kind, "sha256": s.sha256}
            for s in sorted(meta.sources, key=lambda s: (s.sha256, s.kind))
        ],
        "rai:personalSensitiveInformation": [f"{name}: replaced" for name in sorted(counts.redactions)],
        "rai:dataPreprocessingProtocol": [f"{meta.detector.name} {meta.detector.version}, {meta.redaction_style}"],
        "rai:dataManipulationProtocol": "Personal information is replaced; hidden branches are left out.",
        "rai:dataReleaseMaintenancePlan": _PURGE,
        "rai:dataUseCases": [meta.purpose],
        "rai:dataLimitations": ["Redaction reduces personal information and does not promise none."],
        "distribution": [_file(path, files[path]) for path in [*shards, RECEIPTS]],
        "recordSet": [_records(path, meta.profile) for path in shards],
    }
    return canonical.dumps(described) + b"\n"


def _constraint(purpose: str) -> dict[str, str]:
    return {"odrl:leftOperand": "odrl:purpose", "odrl:operator": "odrl:eq", "odrl:rightOperand": purpose}


def _file(path: str, file: File) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": "application/jsonlines",
        "sha256": file.sha256,
    }


def _records(path: str, profile: str) -> dict[str, object]:
    name = path.removeprefix("data/").removesuffix(".jsonl")
    columns = ["messages"] if profile == "openai" else ["id", "product", "messages"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "dataType": "sc:Text",
                "source": {"fileObject": {"@id": path}, "extract": {"column": column}},
            }
            for column in columns
        ],
    }
