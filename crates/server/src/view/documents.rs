//! Official documents of an incident, filled from what is recorded. Plan 4.1.4, 4.1.5, 4.3.1, 4.3.3.
//!
//! Each gives the struct of the `documents` crate; nothing is typed here, nothing is guessed. The file is the
//! incident as it stood when the paper was made; a plan and a letter bring what was answered to them since.

use documents as doc;
use domain::context::Reported;
use domain::dispatch::{Letter, Order, OrderBasis, Plan, Written};
use domain::incident::Figures;
use domain::report::Stage;
use domain::types::{ForceId, Lang, Text, Time};
use domain::{IncidentFile, Recorded, labels};

use super::Viewer;
use super::duty::ShiftSheet;

impl Viewer<'_> {
    /// The language of a document.
    pub fn doc_lang(&self) -> doc::Lang {
        if self.lang == Lang::Zh { doc::Lang::Zh } else { doc::Lang::En }
    }

    fn doc_date(&self, at: Time) -> doc::Date {
        let d = self.state.jurisdiction.local(at);
        let small = |n: i8| u8::try_from(n).unwrap_or(1);
        doc::Date {
            year: u16::try_from(d.year()).unwrap_or(1970),
            month: small(d.month()),
            day: small(d.day()),
        }
    }

    fn doc_time(&self, at: Time) -> doc::DateTime {
        let d = self.state.jurisdiction.local(at);
        let small = |n: i8| u8::try_from(n).unwrap_or(0);
        doc::DateTime {
            date: self.doc_date(at),
            hour: small(d.hour()),
            minute: small(d.minute()),
            second: None,
        }
    }

    /// Heading of a document of some kind.
    fn official(&self, kind: &str, number: Option<Text>, at: Time, drill: bool) -> doc::Official {
        let j = &self.state.jurisdiction;
        let head = j.documents.iter().find(|d| d.kind == kind);
        let issuer = head.map_or_else(|| j.name_zh.clone(), |h| h.heading_zh.clone());
        let mut official = doc::Official::new(issuer, self.doc_date(at));
        official.number = number;
        official.drill = drill;
        official
    }

    fn name_of_incident(&self, file: &IncidentFile) -> Text {
        let i = &file.incident;
        let hazard = i.hazard.as_deref().map(|h| self.hazard(h).name).unwrap_or_default();
        format!("{}{hazard}（{}）", i.place.text, i.number)
    }

    fn full_name(&self, force: &ForceId) -> Text {
        self.state.ledger.forces.get(force).map_or_else(|| force.to_string(), |f| f.name.clone())
    }

    fn office(&self, pick: impl Fn(&domain::jurisdiction::Offices) -> &domain::types::OrgId) -> Text {
        let id = self.state.jurisdiction.offices.as_ref().map(pick);
        id.and_then(|id| self.state.org.orgs.get(id)).map(|o| o.name.clone()).unwrap_or_default()
    }

    fn order_basis(file: &IncidentFile, order: &Order) -> Text {
        let plan = order.plan.and_then(|id| file.dispatch.plans.get(&id));
        let number = plan.map(|p| p.number.clone()).unwrap_or_default();
        match order.basis {
            OrderBasis::FirstResponse => "应急救援力量联调联战机制第四条第三款（先期处置）".to_owned(),
            OrderBasis::ApprovedPlan => format!("经市应急管理局同意的调用方案（{number}）"),
            OrderBasis::Preauthorised => format!("市应急管理局预先授权的调度编成（{number}）"),
        }
    }

    /// 出动指令 to one force.
    pub fn order_document(&self, file: &IncidentFile, order: &Order) -> doc::order::Order {
        let a = &order.arrangements;
        let i = &file.incident;
        doc::order::Order {
            official: self.official("order", Some(order.number.clone()), order.issued_at, i.drill),
            force: self.full_name(&order.force),
            incident: self.name_of_incident(file),
            situation: Some(self.narrative(file).unwrap_or_else(|| i.headline(&self.state.jurisdiction))),
            basis: Self::order_basis(file, order),
            task: order.task.clone(),
            assembly_point: a.assembly_point.text.clone(),
            route: None,
            report_to: a.report_to.position.clone(),
            report_phone: self.words_opt(a.report_to.phone.as_ref()),
            radio_channel: a.radio_channel.clone(),
            call_sign: self.state.ledger.forces.get(&order.force).map(|f| f.call_sign.clone()),
            wind: a.wind.clone(),
            protection: a.protection.clone(),
            bring: a.bring.clone(),
            plates: a.plates.clone(),
            answer_due: order.due.filter(|_| order.steps.len() <= 1).map(|t| self.doc_time(t)),
            issued_at: self.doc_time(order.issued_at),
            issued_by: order.issued_by.clone(),
        }
    }

    /// 报备: the orders of this incident that are filed with one authority.
    pub fn filing_document(
        &self,
        file: &IncidentFile,
        authority: &domain::types::OrgId,
    ) -> Option<doc::filing::Filing> {
        let filings: Vec<_> = file.dispatch.filings.values().filter(|f| f.authority == *authority).collect();
        let last = filings.iter().map(|f| f.sent_at).max()?;
        let rows = filings.iter().filter_map(|f| {
            let order = file.dispatch.orders.get(&f.order)?;
            Some(doc::filing::Row {
                force: self.full_name(&f.force),
                order_number: order.number.clone(),
                task: order.task.clone(),
                issued_at: self.doc_time(order.issued_at),
                strength: order.strength.map(|n| format!("{n}人")),
            })
        });
        Some(doc::filing::Filing {
            official: self.official("filing", None, last, file.incident.drill),
            authority: self.state.org.orgs.get(authority).map(|o| o.name.clone()).unwrap_or_default(),
            incident: self.name_of_incident(file),
            situation: None,
            basis: "应急救援力量联调联战机制第四条第一款第四项".to_owned(),
            orders: rows.collect(),
        })
    }

    /// 调用方案 with the record of its approval.
    pub fn plan_document(&self, file: &IncidentFile, plan: &Plan) -> doc::plan::Plan {
        let tasks = plan.tasks.iter().map(|t| doc::plan::Task {
            force: self.full_name(&t.force),
            task: t.task.clone(),
            assembly_point: plan.arrangements.assembly_point.text.clone(),
            arrival: self.estimated_arrival(file, &t.force),
            reason: match t.agreed {
                Some(false) => Some("未同意".to_owned()),
                _ => None,
            },
        });
        let mut approvals = Vec::new();
        if let Some(by) = &plan.submitted {
            approvals.push(self.signed("报送", by, "报请同意"));
        }
        if let Some(a) = &plan.approval {
            approvals.push(doc::plan::Approval {
                step: "审批".to_owned(),
                officer: a.officer.clone(),
                opinion: self
                    .words_opt(a.words.as_ref().or(a.remark.as_ref()))
                    .unwrap_or_else(|| "同意".to_owned()),
                means: a.means.label(Lang::Zh).to_owned(),
                recording: a.recording.clone(),
                at: self.doc_time(a.by.at),
            });
            if let (Written::Done, Some(by)) = (a.written, &a.written_by) {
                approvals.push(self.signed("补办书面同意", by, "同意"));
            }
        }
        doc::plan::Plan {
            official: self.official("plan", Some(plan.number.clone()), plan.drafted.at, file.incident.drill),
            addressed_to: self.office(|o| &o.bureau),
            incident: self.name_of_incident(file),
            situation: self.short_text(file),
            basis: if plan.by_order_of_post {
                "按现场指挥部指令拟制本方案。".to_owned()
            } else {
                "依据应急救援力量联调联战机制，拟调用下列力量。".to_owned()
            },
            tasks: tasks.collect(),
            gaps: self.uncovered(file, file.dispatch.plans.get(&plan.id).map(AsRef::as_ref)),
            remarks: self.words_opt(plan.arrangements.note.as_ref()),
            approvals,
        }
    }

    fn signed(&self, step: &str, by: &Reported, opinion: &str) -> doc::plan::Approval {
        doc::plan::Approval {
            step: step.to_owned(),
            officer: by.by.clone(),
            opinion: opinion.to_owned(),
            means: "平台".to_owned(),
            recording: None,
            at: self.doc_time(by.at),
        }
    }

    fn estimated_arrival(&self, file: &IncidentFile, force: &ForceId) -> Option<Text> {
        let (known, scene) = (self.state.ledger.forces.get(force)?, file.incident.place.point?);
        let way_s = domain::types::travel::straight_line_s(known.point.distance_m(scene));
        let minutes = (known.mobilisation_s.saturating_add(way_s)).div_ceil(60);
        Some(format!("约 {minutes} 分钟（直线距离估算）"))
    }

    fn casualty_rows(
        &self,
        file: &IncidentFile,
        figures: Option<Figures>,
    ) -> Vec<doc::information_report::Casualties> {
        let confirmed = file.incident.confirmed_casualties.as_deref();
        let (Some(f), Some(c)) = (figures, confirmed) else { return Vec::new() };
        let by = c.confirmed.as_ref().map(|c| c.by.by.clone()).unwrap_or_default();
        let kinds = [
            ("死亡", f.dead),
            ("失联", f.missing),
            ("重伤", f.badly_hurt),
            ("轻伤", f.hurt),
            ("被困", f.trapped),
            ("转移", f.moved),
        ];
        let rows = kinds.iter().map(|(kind, count)| doc::information_report::Casualties {
            kind: (*kind).to_owned(),
            count: *count,
            as_of: self.doc_time(c.as_of),
            source: self.words(&c.source),
            confirmed_by: by.clone(),
        });
        rows.collect()
    }

    /// 首报、续报、终报: the newest version.
    pub fn report_document(
        &self,
        file: &IncidentFile,
        id: domain::types::ReportId,
    ) -> Option<doc::information_report::InformationReport> {
        let report = file.report.reports.get(&id)?;
        let newest = report.versions.last()?;
        let before = file.report.reports.range(..=id).filter(|(_, r)| r.stage == Stage::FollowUp).count();
        let mut official = self.official("report", None, newest.by.at, file.incident.drill);
        official.issuer =
            self.state.org.orgs.get(&report.filed_by).map(|o| o.name.clone()).unwrap_or_default();
        official.copied_to = report.copied_to.iter().map(|o| self.state.org.name(o)).collect();
        let running = file.dispatch.orders.values().filter(|o| o.step.is_running());
        let forces: Vec<Text> = running.map(|o| self.state.ledger.name(&o.force)).collect();
        Some(doc::information_report::InformationReport {
            official,
            stage: match report.stage {
                Stage::First => doc::information_report::Stage::First,
                Stage::FollowUp => {
                    doc::information_report::Stage::FollowUp(u32::try_from(before).unwrap_or(u32::MAX))
                }
                Stage::Final => doc::information_report::Stage::Final,
            },
            addressed_to: self
                .state
                .org
                .orgs
                .get(&report.addressed_to)
                .map(|o| o.name.clone())
                .unwrap_or_default(),
            incident: self.name_of_incident(file),
            occurred_at: self.doc_time(file.incident.received_at()),
            place: file.incident.place.text.clone(),
            kind: file.incident.hazard.as_deref().map(|h| self.hazard(h).name),
            situation: self.words(&newest.text),
            casualties: self.casualty_rows(file, newest.casualties),
            measures: Vec::new(),
            forces: if forces.is_empty() { None } else { Some(forces.join("、")) },
            cause: None,
            next_steps: Vec::new(),
            requests: None,
        })
    }

    /// 情况专报 of the bureau.
    pub fn situation_document(
        &self,
        file: &IncidentFile,
        id: domain::types::SituationReportId,
    ) -> Option<doc::situation_report::SituationReport> {
        let report = file.report.situation.get(&id)?;
        let running = file.dispatch.orders.values().filter(|o| o.step.is_running());
        let forces = running.map(|o| doc::situation_report::Force {
            name: self.full_name(&o.force),
            strength: o.strength.map(|n| format!("{n}人")).unwrap_or_default(),
            task: o.task.clone(),
            status: o.step.label(Lang::Zh).to_owned(),
        });
        let instructions = file.incident.instructions.values().map(|i| doc::situation_report::Instruction {
            leader: i.from.clone(),
            words: self.words(&i.text),
            assigned_to: i.assigned.as_ref().map(|a| self.state.org.name(&a.to)).unwrap_or_default(),
            feedback: i.feedback.last().map(|f| self.words(&f.text)),
        });
        Some(doc::situation_report::SituationReport {
            official: self.official("situation_report", None, report.by.at, file.incident.drill),
            issue: format!("第{}期", report.number),
            incident: self.name_of_incident(file),
            as_of: self.doc_time(report.by.at),
            situation: self.words(&report.text),
            progress: Some(self.casualty_words(report.casualties)),
            forces: forces.collect(),
            conditions: None,
            assessment: None,
            instructions: instructions.collect(),
            next_steps: Vec::new(),
        })
    }

    /// 战评总结, with the facts it stands on.
    pub fn review_document(&self, file: &IncidentFile, stream: &[Recorded]) -> doc::review::Review {
        let facts = self.review_facts(file);
        let review = file.review.as_deref();
        let at = review.and_then(|r| r.written.last()).map_or(self.now, |by| by.at);
        let lines = |text: Option<&domain::personal::Personal<Text>>| -> Vec<Text> {
            let text = self.words_opt(text).unwrap_or_default();
            text.lines().map(str::trim).filter(|l| !l.is_empty()).map(ToOwned::to_owned).collect()
        };
        let timeline =
            self.timeline_times(file, stream).into_iter().map(|(happened, recorded, what, through)| {
                doc::review::Moment {
                    happened: self.doc_time(happened),
                    recorded: self.doc_time(recorded),
                    what,
                    through,
                }
            });
        let intervals = facts.intervals.iter().map(|i| doc::review::Interval {
            name: i.text.clone(),
            took: i.seconds.map_or_else(|| "—".to_owned(), |s| labels::span(s, Lang::Zh)),
            limit: None,
            verdict: None,
        });
        let deviations = facts.deviations.iter().map(|d| doc::review::Deviation {
            foreseen: facts.composition.clone().unwrap_or_default(),
            done: d.text.clone(),
            why: None,
        });
        let improvements = review.map(|r| r.improvements.as_slice()).unwrap_or_default();
        doc::review::Review {
            official: self.official("review", None, at, file.incident.drill),
            addressed_to: self.office(|o| &o.bureau),
            incident: self.name_of_incident(file),
            summary: self.short_text(file),
            timeline: timeline.collect(),
            intervals: intervals.collect(),
            deviations: deviations.collect(),
            measures: lines(review.and_then(|r| r.measures.as_ref())),
            lessons: lines(review.and_then(|r| r.lessons.as_ref())),
            improvements: improvements
                .iter()
                .map(|i| doc::review::Improvement {
                    what: self.words(&i.what),
                    owner: self.state.org.name(&i.owner),
                    due: i.due.clone(),
                })
                .collect(),
            proposals: lines(review.and_then(|r| r.proposals.as_ref())),
        }
    }

    /// 交接班表 of a desk.
    pub fn hand_over_document(&self, sheet: &ShiftSheet) -> doc::hand_over_sheet::HandOverSheet {
        let since = self.state.duty.shifts.get(&sheet.desk).map_or(self.now, |s| s.since);
        let time = |text: &super::Moment| self.doc_time(Time::parse(text.as_str()).unwrap_or(self.now));
        let incidents = sheet.incidents.iter().map(|i| doc::hand_over_sheet::Incident {
            number: i.number.clone(),
            name: i.place.text.clone(),
            status: self.status_text(i.status.code()),
            since: time(&i.opened_at),
            next_step: i.next.as_ref().map(|n| n.text.clone()),
        });
        let forces = sheet.forces_out.iter().map(|o| doc::hand_over_sheet::ForceOut {
            force: o.force_ref.name.clone(),
            incident: o.incident_number.clone(),
            status: o.step.label(Lang::Zh).to_owned(),
            since: time(&o.issued_at),
            contact: o.force_contacts.first().and_then(|c| c.phone.clone()),
        });
        let pending = sheet.instructions.iter().map(|i| doc::hand_over_sheet::Pending {
            what: i.text.clone(),
            from: i.from.clone(),
            owner: i.assigned.as_ref().map(|a| a.to.name.clone()),
            due: Some(time(&i.due)),
        });
        let mut official = self.official("handover", None, self.now, false);
        official.issuer = format!("{}{}", self.state.jurisdiction.name_zh, sheet.desk.label(Lang::Zh));
        doc::hand_over_sheet::HandOverSheet {
            official,
            shift_from: self.doc_time(since),
            shift_to: self.doc_time(self.now),
            handed_by: sheet.officer.clone(),
            taken_by: sheet.next_officer.clone().unwrap_or_default(),
            shift_leader: None,
            readiness_state: Some(self.state.readiness.state.label(Lang::Zh).to_owned()),
            incidents: incidents.collect(),
            forces_out: forces.collect(),
            pending: pending.collect(),
            remarks: None,
        }
    }

    /// The brigade's briefing to the command post.
    pub fn briefing_document(&self, file: &IncidentFile) -> Option<doc::briefing::Briefing> {
        let post = file.command.post.as_deref()?;
        let at = post.briefing.as_ref().map_or(self.now, |by| by.at);
        let running = || file.dispatch.orders.values().filter(|o| o.step.is_running());
        let forces = running().map(|o| doc::briefing::Force {
            name: self.full_name(&o.force),
            strength: o.strength.map(|n| format!("{n}人")).unwrap_or_default(),
            position: o.arrangements.assembly_point.text.clone(),
            task: o.task.clone(),
            status: o.step.label(Lang::Zh).to_owned(),
        });
        let mut channels: Vec<Text> =
            running().filter_map(|o| o.arrangements.radio_channel.clone()).collect();
        channels.sort();
        channels.dedup();
        let channel = |name: Text| doc::briefing::Channel { name, used_by: "参战力量".to_owned() };
        Some(doc::briefing::Briefing {
            official: self.official("briefing", None, at, file.incident.drill),
            command_post: post.place.clone(),
            incident: self.name_of_incident(file),
            as_of: self.doc_time(at),
            commander: post.commander.clone(),
            taken_over_at: Some(self.doc_time(post.established.at)),
            situation: self.short_text(file),
            casualties: Some(
                self.casualty_words(file.incident.confirmed_casualties.as_deref().map(|c| c.figures)),
            ),
            forces: forces.collect(),
            measures: self.words_opt(post.briefing_text.as_ref()).into_iter().collect(),
            dangers: file.incident.substance.iter().cloned().collect(),
            safety: file.command.safety_officer.clone(),
            channels: channels.into_iter().map(channel).collect(),
            support: None,
            decisions: self.uncovered(file, None),
        })
    }

    /// 商请函.
    pub fn letter_document(
        &self,
        file: &IncidentFile,
        letter: &Letter,
    ) -> doc::letter_of_request::LetterOfRequest {
        let named: Vec<Text> = letter.forces.iter().map(|f| self.full_name(f)).collect();
        let answer = letter.answer.as_ref().map(|a| self.words(&a.words)).unwrap_or_default();
        doc::letter_of_request::LetterOfRequest {
            official: self.official(
                "request",
                Some(letter.number.clone()),
                letter.sent.at,
                file.incident.drill,
            ),
            addressed_to: self.state.org.orgs.get(&letter.org).map(|o| o.name.clone()).unwrap_or_default(),
            incident: self.name_of_incident(file),
            situation: self.short_text(file),
            basis: "应急救援力量联调联战机制".to_owned(),
            requests: vec![doc::letter_of_request::Request {
                capability: if named.is_empty() { "增援力量".to_owned() } else { named.join("、") },
                quantity: String::new(),
                task: self.words(&letter.ask),
                needed_by: None,
            }],
            assembly_point: None,
            report_to: None,
            direct_request: letter.urgent.then(|| doc::letter_of_request::DirectRequest {
                at: self.doc_time(letter.sent.at),
                by: letter.sent.by.clone(),
                answer,
            }),
        }
    }

    /// 请示 to the superior.
    pub fn reinforcement_document(
        &self,
        file: &IncidentFile,
        id: domain::types::ReinforcementId,
    ) -> Option<doc::reinforcement_request::ReinforcementRequest> {
        let request = file.reinforcement.requests.get(&id)?;
        let asked_by_phone = request.means == domain::reinforcement::Means::Phone;
        let running = file.dispatch.orders.values().filter(|o| o.step.is_running());
        let own: Vec<Text> = running.map(|o| self.state.ledger.name(&o.force)).collect();
        let shortfall = self.uncovered(file, None);
        let at = request.requested.at;
        let mut official = self.official("reinforcement", None, at, file.incident.drill);
        official.signed_by = Some(request.requested.by.clone());
        Some(doc::reinforcement_request::ReinforcementRequest {
            official,
            addressed_to: self.state.org.orgs.get(&request.to).map(|o| o.name.clone()).unwrap_or_default(),
            incident: self.name_of_incident(file),
            situation: self.short_text(file),
            own_forces: if own.is_empty() { None } else { Some(own.join("、")) },
            shortfall: if shortfall.is_empty() { None } else { Some(shortfall.join("；")) },
            needs: vec![doc::reinforcement_request::Need {
                capability: self.words(&request.need),
                quantity: String::new(),
                needed_by: None,
                purpose: self.name_of_incident(file),
            }],
            assembly_point: None,
            report_to: None,
            asked_by_telephone: asked_by_phone.then(|| {
                (self.doc_time(at), request.recording.clone().unwrap_or_else(|| request.requested.by.clone()))
            }),
        })
    }
}
