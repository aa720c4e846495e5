"""What the acts of the record are called on screen; a code without words is shown as it is."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

ACTS: dict[str, str] = {
    "store_made": cast("str", QT_TRANSLATE_NOOP("record", "Office made")),
    "signed_in": cast("str", QT_TRANSLATE_NOOP("record", "Signed in")),
    "operator_added": cast("str", QT_TRANSLATE_NOOP("record", "Operator added")),
    "operator_removed": cast("str", QT_TRANSLATE_NOOP("record", "Operator removed")),
    "password_changed": cast("str", QT_TRANSLATE_NOOP("record", "Password changed")),
    "login_unlocked": cast("str", QT_TRANSLATE_NOOP("record", "Login unlocked")),
    "password_recovered": cast(
        "str", QT_TRANSLATE_NOOP("record", "Password recovered with the province")
    ),
    "office_code_used": cast("str", QT_TRANSLATE_NOOP("record", "Office code used")),
    "recovery_set": cast("str", QT_TRANSLATE_NOOP("record", "Recovery key set")),
    "rekey_begun": cast("str", QT_TRANSLATE_NOOP("record", "Change of the data key begun")),
    "rekeyed": cast("str", QT_TRANSLATE_NOOP("record", "Data key changed")),
    "accepted": cast("str", QT_TRANSLATE_NOOP("record", "Case accepted")),
    "decided_granted": cast("str", QT_TRANSLATE_NOOP("record", "Granted by the office")),
    "decided_refused": cast("str", QT_TRANSLATE_NOOP("record", "Refused by the office")),
    "certificate_voided": cast("str", QT_TRANSLATE_NOOP("record", "Certificate voided")),
    "certificate_replaced": cast("str", QT_TRANSLATE_NOOP("record", "Certificate replaced")),
    "decision_reported": cast("str", QT_TRANSLATE_NOOP("record", "Receipt for a decision")),
    "delivered": cast("str", QT_TRANSLATE_NOOP("record", "Result handed over")),
    "withdrawn": cast("str", QT_TRANSLATE_NOOP("record", "Case withdrawn")),
    "withdrawn_late": cast(
        "str", QT_TRANSLATE_NOOP("record", "Withdrawal came after the decision")
    ),
    "decided_late": cast(
        "str", QT_TRANSLATE_NOOP("record", "Decision came too late, the first one stands")
    ),
    "corrected": cast("str", QT_TRANSLATE_NOOP("record", "Details corrected")),
    "send_again": cast("str", QT_TRANSLATE_NOOP("record", "Sent again")),
    "acknowledged": cast("str", QT_TRANSLATE_NOOP("record", "Receipt received")),
    "correction_begun": cast("str", QT_TRANSLATE_NOOP("record", "Correction begun")),
    "draft_taken_over": cast("str", QT_TRANSLATE_NOOP("record", "Draft taken over")),
    "draft_discarded": cast("str", QT_TRANSLATE_NOOP("record", "Draft deleted")),
    "copy_counted": cast("str", QT_TRANSLATE_NOOP("record", "Copy counted")),
    "copy_printed": cast("str", QT_TRANSLATE_NOOP("record", "Copy printed")),
    "copy_failed": cast("str", QT_TRANSLATE_NOOP("record", "Copy not printed")),
    "document_exported": cast("str", QT_TRANSLATE_NOOP("record", "Document saved")),
    "revealed": cast("str", QT_TRANSLATE_NOOP("record", "Numbers revealed")),
    "cases_exported": cast("str", QT_TRANSLATE_NOOP("record", "List of cases exported")),
    "person_sought": cast("str", QT_TRANSLATE_NOOP("record", "Person looked for")),
    "person_exported": cast("str", QT_TRANSLATE_NOOP("record", "Copy of a person's data written")),
    "consent_given": cast("str", QT_TRANSLATE_NOOP("record", "Consent given")),
    "consent_withdrawn": cast("str", QT_TRANSLATE_NOOP("record", "Consent withdrawn")),
    "retention_set": cast("str", QT_TRANSLATE_NOOP("record", "Retention set")),
    "purged": cast("str", QT_TRANSLATE_NOOP("record", "Answers let go")),
    "backup_made": cast("str", QT_TRANSLATE_NOOP("record", "Backup made")),
    "restored": cast("str", QT_TRANSLATE_NOOP("record", "Backup restored")),
    "recovered": cast("str", QT_TRANSLATE_NOOP("record", "Store made again")),
    "network_set": cast("str", QT_TRANSLATE_NOOP("record", "Network settings changed")),
    "enrolled": cast("str", QT_TRANSLATE_NOOP("record", "Connected to the province")),
    "moved": cast("str", QT_TRANSLATE_NOOP("record", "Moved to another office")),
    "move_wanted": cast("str", QT_TRANSLATE_NOOP("record", "To move to another office")),
    "held_no_more": cast("str", QT_TRANSLATE_NOOP("record", "Province lost it: due again")),
    "numbered": cast("str", QT_TRANSLATE_NOOP("record", "Final number given")),
    "numbers_given_up": cast("str", QT_TRANSLATE_NOOP("record", "Leased numbers given up")),
    "record_differs": cast("str", QT_TRANSLATE_NOOP("record", "Record differs at the province")),
    "audit_exported": cast("str", QT_TRANSLATE_NOOP("record", "Record exported")),
    "relay_made": cast("str", QT_TRANSLATE_NOOP("record", "Stick written")),
    "relay_copied": cast("str", QT_TRANSLATE_NOOP("record", "Stick copied")),
    "relay_carried": cast("str", QT_TRANSLATE_NOOP("record", "Stick forwarded")),
    "relay_answered": cast("str", QT_TRANSLATE_NOOP("record", "Stick answered")),
    "openrosa_connected": cast("str", QT_TRANSLATE_NOOP("record", "Connected to an ODK server")),
    "openrosa_removed": cast("str", QT_TRANSLATE_NOOP("record", "Removed an ODK project")),
    "trust_list_taken": cast("str", QT_TRANSLATE_NOOP("record", "List of keys taken over")),
    "merged": cast("str", QT_TRANSLATE_NOOP("record", "Corrections merged")),
    "resident_added": cast("str", QT_TRANSLATE_NOOP("record", "Resident added")),
    "resident_changed": cast("str", QT_TRANSLATE_NOOP("record", "Resident changed")),
    "change_acknowledged": cast("str", QT_TRANSLATE_NOOP("record", "Receipt for a change")),
    "prefilled": cast("str", QT_TRANSLATE_NOOP("record", "Form filled in from the resident base")),
    "licence_used": cast("str", QT_TRANSLATE_NOOP("record", "Licence used")),
    "seal_kept": cast("str", QT_TRANSLATE_NOOP("record", "Seal kept")),
    "seal_dropped": cast("str", QT_TRANSLATE_NOOP("record", "Seal removed")),
}


def act(code: str) -> str:
    """The words of an act."""
    return QCoreApplication.translate("record", ACTS[code]) if code in ACTS else code
