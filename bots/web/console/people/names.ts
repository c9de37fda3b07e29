// What roles, permissions, acts of the audit and states of visits are called.

import { say, type Key } from "../words";

const roles: Record<string, Key> = {
  operator: "roleOperator", vp_specialist: "roleReception", application_router: "roleApplications", complaint_router: "roleComplaints",
  direction_specialist: "roleDirection", office_clerk: "roleOffice", content_editor: "roleEditor", supervisor: "roleSupervisor",
  admin: "roleAdmin", dpo: "rolePrivacy",
};

const permissions: Record<string, Key> = {
  "desk.see": "maySeeDesk", "desk.answer": "mayAnswer", "staff.see": "maySeeStaff", "staff.keep": "mayKeepStaff", "audit.see": "maySeeAudit",
  "links.keep": "mayKeepLinks", "visits.see": "maySeeVisits", "visits.keep": "mayKeepVisits",
  "cases.see": "maySeeCases", "cases.work": "mayWorkCases", "cases.watch": "mayWatchCases", "cases.reveal": "mayRevealCases", "cases.refund": "mayRefundCases", publish: "mayPublish",
  "schedule.see": "maySeeSchedules", "schedule.keep": "mayKeepSchedules", "tables.see": "maySeeTables", "tables.keep": "mayKeepTables",
  "quarantine.see": "maySeeQuarantine", "quarantine.read": "mayReadQuarantine", "quarantine.keep": "mayKeepQuarantine",
};

const acts: Record<string, Key> = {
  sign_in: "actSignIn", sign_in_refused: "actSignInRefused", sign_out: "actSignOut",
  look: "actLook", take: "actTake", returned: "actReturned", closed: "actClosed", say: "actSay", note: "actNote", retry: "actRetry",
  file: "actFile", upload: "actUpload",
  visit_step: "actVisitStep", walk_in: "actWalkIn", visit_look: "actVisitLook", closure_add: "actClosureAdd", closure_remove: "actClosureRemove",
  week_change: "actWeekChange", windows_change: "actWindowsChange", window_shut: "actWindowShut", window_open: "actWindowOpen",
  rule_change: "actRuleChange", calendar_add: "actCalendarAdd",
  links_look: "actLinksLook", link_end: "actLinkEnd", erasure: "actErasure",
  case_look: "actCaseLook", case_step: "actCaseStep", case_reveal: "actCaseReveal", case_reply: "actCaseReply", case_resend: "actCaseResend", case_refund: "actCaseRefund",
  case_publish: "actCasePublish", tables_change: "actTablesChange",
  quarantine_look: "actQuarantineLook", quarantine_again: "actQuarantineAgain", quarantine_reset: "actQuarantineReset", quarantine_drop: "actQuarantineDrop",
  own_password: "actOwnPassword", second_on: "actSecondOn", second_off: "actSecondOff", recovery_new: "actRecoveryNew",
  recovery_used: "actRecoveryUsed", session_end: "actSessionEnd", sessions_end: "actSessionsEnd",
  staff_add: "actStaffAdd", staff_change: "actStaffChange", staff_disable: "actStaffDisable", staff_enable: "actStaffEnable",
  staff_password: "actStaffPassword", team_save: "actTeamSave", team_drop: "actTeamDrop", audit_read: "actAuditRead", audit_prune: "actAuditPrune",
};

const statuses: Record<string, Key> = {
  held: "statusHeld", booked: "statusBooked", moved: "statusMoved", arrived: "statusArrived", called: "statusCalled",
  served: "statusServed", no_show: "statusNoShow", cancelled: "statusCancelled",
};

/** The words of a code; a code that has none stands for itself. */
const called = (names: Record<string, Key>) => (code: string): string => {
  const key = names[code];
  return key ? say(key) : code;
};

export const roleName = called(roles);
export const permissionName = called(permissions);
export const actName = called(acts);
export const statusName = called(statuses);
