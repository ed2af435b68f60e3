"""What the check of a receipt says, for the script that checks in the browser.

The script knows codes and values; the words come from here, in the reader's language,
with blanks that the script fills.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from townhall.foundation.text import formats, gettext, marked
from townhall.ledger import showing
from townhall.ledger.engine.policy import Policy, Witness
from townhall.ledger.operator import demonstration
from townhall.portal import ledgerwords

_WORDS: Final = {
    "outcome_holds_with_document": marked("The receipt holds, and the letter is unchanged"),
    "outcome_holds_with_document_more": marked(
        "Your file is exactly the letter that was recorded."
    ),
    "outcome_holds_without_document": marked("The receipt holds. No letter was compared"),
    "outcome_holds_without_document_more": marked(
        "It may be for a different letter. Choose the PDF of your letter to find out."
    ),
    "choose_letter": marked("Choose the letter"),
    "choose_receipt": marked("Choose the receipt"),
    "outcome_holds": marked("The receipt holds"),
    "outcome_holds_more": marked("What it shows stands in the public record, unchanged."),
    "outcome_of_no_letter": marked("The receipt holds, but it is not about a letter"),
    "outcome_of_no_letter_more": marked(
        "It says nothing about the file that you chose. You find the receipt of a letter beside"
        " the letter."
    ),
    "outcome_letter_only": marked("Now choose the receipt, too"),
    "outcome_letter_only_more": marked(
        "A letter alone cannot be checked here. Its receipt is the file that ends in .json."
    ),
    "outcome_history_only": marked("This history of policies is in order"),
    "outcome_history_only_more": marked("Now choose the receipt."),
    "outcome_document_differs": marked("This is a different letter, or it was changed"),
    "outcome_document_differs_more": marked(
        "The receipt is genuine, but it does not match your file. Do not rely on that file."
    ),
    "outcome_not_final": marked("The receipt is not final"),
    "outcome_not_final_more": marked(
        "Too few witnesses signed it, so it proves nothing yet. Fetch it again."
    ),
    "outcome_fails": marked("The receipt does not hold"),
    "outcome_fails_more": marked(
        "Something in it was changed, or does not belong together. Do not rely on it."
    ),
    "outcome_others": marked("Signed by others, not by the witnesses of this town hall"),
    "outcome_others_more": marked(
        "Anybody can make a receipt with witnesses of their own."
        " It proves nothing about this town hall."
    ),
    "outcome_unknown": marked("In order in itself, but this page knows no witnesses"),
    "outcome_unknown_more": marked(
        "Compare the fingerprint of its policy with one that you have from elsewhere."
    ),
    "outcome_no_receipt": marked("This is not a receipt"),
    "outcome_no_receipt_more": marked(
        "Choose the file that ends in .json. If this is that file, it was changed and cannot be"
        " read any more."
    ),
    "outcome_no_code": marked("This is no code of a receipt"),
    "outcome_no_code_more": marked(
        "A piece of it is missing, or a digit is wrong."
        " Scan it again, or choose the receipt as a file."
    ),
    "outcome_policy_unknown": marked("This page does not know whose signatures the code means"),
    "outcome_policy_unknown_more": marked(
        "It names a policy that is not known here. Open the newest check of the town hall that"
        " issued it, or ask there for the receipt as a file: that brings its policy along."
    ),
    "outcome_no_history": marked("This history of policies cannot be relied on"),
    "outcome_no_history_more": marked(
        "It does not go on from a policy that is known here, or something in it was changed."
        " Nothing else was checked. Fetch it again, or check without it."
    ),
    "outcome_unreadable": marked("Your browser could not read the file"),
    "outcome_unreadable_more": marked("Choose it again, or try another browser."),
    "says": marked("What it says"),
    "signers": marked("Who signed"),
    "line_at": marked("When"),
    "line_who": marked("Who looked"),
    "line_what": marked("At what"),
    "line_why": marked("Why"),
    "line_basis": marked("Legal basis"),
    "line_outcome": marked("Outcome"),
    "steps": marked("Step by step"),
    "kind": marked("What it is"),
    "line": marked("The line that it shows"),
    "by_ours": marked("Signed by the witnesses that this town hall names."),
    "by_earlier": marked("Signed by witnesses that this town hall named earlier."),
    "by_others": marked("Not by the witnesses that this town hall names, but by others:"),
    "by_unknown": marked("By those whom the receipt itself names; this page knows no others:"),
    "signed_independent": marked("%(signed)s of %(of)s independent witnesses signed."),
    "signed_count": marked("%(signed)s of %(of)s witnesses signed."),
    "demonstration": marked("This is a demonstration: one operator holds the keys of them all."),
    "would_have_to_cheat": marked(
        "To show somebody a different record, %(shared)s of them would have to cheat together"
        " with the operator."
    ),
    "short": marked(
        "A QR code has room for as many signatures as must be there, and only for the short kind:"
        " more witnesses may have signed."
    ),
    "signed_at": marked("%(time)s, %(algorithm)s"),
    "no_signature": marked("No signature that counts."),
    "not_needed": marked("Did not sign in time; it was not needed."),
    "not_in_code": marked("Its signature is not in the code; it was not needed."),
    "ok_true": marked("holds"),
    "ok_false": marked("does not hold"),
    "ok_null": marked("could not be compared"),
    "compared_leaf": marked("Fingerprint of the entry"),
    "compared_root": marked("Seal that was signed"),
    "compared_expected": marked("Fixed in the record"),
    "compared_found": marked("Your file"),
    "compared_sha256": marked("Fingerprint of the policy"),
    "compared_why": marked("Technical reason"),
    "step_file": marked("The file"),
    "step_history": marked("The history of policies"),
    "step_policy": marked("Whose signatures count"),
    "step_signatures": marked("The signatures"),
    "step_entry": marked("The right record"),
    "step_inclusion": marked("Its place in the record"),
    "step_time": marked("When it existed"),
    "step_opened": marked("What it says: %(field)s"),
    "step_document": marked("The letter"),
    "step_member": marked("The line that it shows"),
    "no_receipt": marked("It is not written as receipts are."),
    "history": marked(
        "It leads from a policy that is known here to the newest, of %(at)s. It has %(count)s"
        " policies, each signed by enough witnesses of the one before it."
    ),
    "history_one": marked(
        "This town hall has had one policy so far: the one known here, of %(at)s."
    ),
    "no_history": marked("It is no history of policies that continues from one known here."),
    "no_code": marked("It is not written as codes of receipts are."),
    "policy_unknown": marked("No policy with this fingerprint is known here."),
    "policy_unsafe": marked("The policy cannot be relied on: too few could cheat."),
    "policy_own": marked("The receipt brings its own policy, which this page does not know."),
    "policy_trusted": marked("The receipt names a policy of this town hall."),
    "policy_other": marked(
        "The receipt names another policy; it was checked by one of this town hall."
    ),
    "withstands": marked("It still holds if %(faults)s of the %(of)s witnesses are dishonest."),
    "withstands_1": marked("It still holds if %(faults)s of the %(of)s witnesses is dishonest."),
    "withstands_0": marked("It holds only as long as every witness is honest."),
    "signed": marked(
        "The operator signed the record of %(size)s entries, and so did %(signed)s of %(of)s"
        " witnesses."
    ),
    "signed_1": marked(
        "The operator signed the record of %(size)s entry, and so did %(signed)s of %(of)s"
        " witnesses."
    ),
    "not_final": marked(
        "%(signed)s of %(of)s witnesses signed it. That is too few: the operator could still show"
        " somebody a different record."
    ),
    "not_final_then": marked(
        "%(signed)s of %(of)s witnesses signed it while their word counted. That is too few: a"
        " policy counts until a day after another takes its place, and a stolen key only up to"
        " where it was cut off."
    ),
    "signature_false": marked("A signature is false, or is of another record."),
    "log_key_other": marked("The receipt names a key that does not belong to this record."),
    "entry_of_log": marked("The entry was made for this record. It is a: %(kind)s."),
    "entry_elsewhere": marked("The entry was made for another record: %(origin)s."),
    "included": marked(
        "It is number %(index)s of %(size)s. Its fingerprint and %(hashes)s others lead to the"
        " seal that was signed."
    ),
    "included_1": marked(
        "It is number %(index)s of %(size)s. Its fingerprint and %(hashes)s other lead to the"
        " seal that was signed."
    ),
    "included_0": marked(
        "It is number %(index)s of %(size)s. Its fingerprint is the seal that was signed."
    ),
    "not_included": marked(
        "Its fingerprint does not lead to the seal that was signed:"
        " this entry does not stand in the record."
    ),
    "existed_by": marked(
        "On %(latest)s at the latest: by then enough witnesses had seen it."
        " It was not written later."
    ),
    "time_after": marked(
        "It says that it was made on %(at)s, but witnesses had seen it by %(latest)s."
    ),
    "opened": marked("“%(value)s” is exactly what the record fixed."),
    "not_opened": marked("“%(value)s” is not what the record fixed."),
    "opened_document": marked("The fingerprint of a letter is exactly what the record fixed."),
    "not_opened_document": marked("The fingerprint of the letter is not what the record fixed."),
    "bytes": marked("%(count)s bytes that are no text"),
    "bytes_1": marked("%(count)s byte that is no text"),
    "document_same": marked("Your file is exactly the one that was recorded."),
    "document_differs": marked("Your file is not the one that was recorded, or it was changed."),
    "document_missing": marked("You chose no letter. It must have this fingerprint (SHA-256)."),
    "document_unknown": marked(
        "The receipt is not about a letter: it says nothing about your file."
    ),
    "member_of": marked("“%(value)s” is number %(index)s of %(count)s."),
    "not_member": marked("“%(value)s” is not part of what the entry stands for."),
}
_KEPT: Final = {
    "outcome_others": marked("Signed by others, not by the witnesses that this check knows"),
    "outcome_others_more": marked(
        "Anybody can make a receipt with witnesses of their own. If the town hall has changed its"
        " witnesses since you saved this check, choose its history of policies, too."
    ),
    "outcome_policy_unknown": marked("This check does not know whose signatures the code means"),
    "outcome_policy_unknown_more": marked(
        "If the town hall has changed its witnesses since you saved this check, choose its"
        " history of policies, too."
    ),
}
"""What the file that people keep says otherwise: it may be older than the receipt."""

_FIELDS: Final = (
    "agency",
    "algorithm",
    "case_number",
    "count",
    "day",
    "decided_at",
    "definition",
    "document",
    "explanation",
    "index",
    "issued_at",
    "letter",
    "lines",
    "outcome",
    "policy",
    "previous",
    "register",
    "root",
    "sequence",
    "service",
    "signatures",
    "status",
    "version",
)
_KINDS: Final = (
    "algorithm",
    "day",
    "decision",
    "definition",
    "erased",
    "event",
    "issuer_key",
    "policy",
    "root",
    "rules_version",
    "status_list",
)


def words(policies: Iterable[Policy], *, kept: bool = False) -> dict[str, str]:
    """Return every sentence by its code, and what people call fields, kinds and witnesses.

    Parameters
    ----------
    kept
        Whether they are for the file that people keep.
    """
    said = {**_WORDS, **_KEPT} if kept else _WORDS
    return {
        **{code: gettext(text) for code, text in said.items()},
        "demonstration_host": demonstration.HOST,
        **{f"field_{name}": ledgerwords.field_of(name) for name in _FIELDS},
        **{f"name_{field}_{key}": text for (field, key), text in ledgerwords.names().items()},
        **{f"month_{number}": name for number, name in enumerate(formats.months(), start=1)},
        **{f"kind_{name}": ledgerwords.kind_of(name) for name in _KINDS},
        **{
            f"party_{each.key.name}": party(each)
            for policy in policies
            for each in policy.witnesses
        },
    }


def party(witness: Witness) -> str:
    """Return what people call a witness."""
    return ledgerwords.party(showing.party_of(witness))
