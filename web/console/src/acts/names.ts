/** Every act that the node knows and a person may do. Its text is `act.<name>`, its form in the registry of its part. */
export const ACT_NAMES = [
  'take_call', 'verify_call', 'classify_incident', 'raise_grade', 'grade_severity', 'merge_incident', 'control_incident', 'close_incident', 'count_casualties',
  'confirm_casualties', 'add_note', 'call_town', 'answer_town_call', 'give_instruction', 'assign_task', 'feed_back',
  'order_first_response', 'send_linkage_notices', 'acknowledge_notice', 'push_stand_by', 'confirm_stand_by', 'lift_stand_by', 'send_letter', 'answer_letter',
  'draft_plan', 'revise_plan', 'submit_plan', 'withdraw_plan', 'approve_plan', 'send_back_plan', 'record_telephone_approval', 'confirm_in_writing',
  'receive_order', 'acknowledge_order', 'decline_order', 'depart_order', 'arrive_order', 'deploy_order', 'report_progress', 'release_order', 'return_order',
  'cancel_order', 'sign_filing',
  'form_forward_headquarters', 'establish_post', 'hand_in_briefing', 'delegate_command', 'raise_command', 'order_withdrawal', 'confirm_withdrawal',
  'appoint_safety_officer', 'enter_scene', 'leave_scene',
  'request_reinforcement', 'answer_reinforcement', 'attach_force', 'release_attached',
  'file_report', 'correct_report', 'read_report', 'compile_situation_report', 'write_review',
  'set_contacts',
  'hand_over_shift', 'change_readiness', 'preauthorise_composition', 'revoke_preauthorisation', 'adopt_composition',
] as const
export type ActName = (typeof ACT_NAMES)[number]
export const isActName = (name: string): name is ActName => (ACT_NAMES as readonly string[]).includes(name)
