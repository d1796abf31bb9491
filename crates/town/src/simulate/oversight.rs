//! 监督与宣传: the town's supervisors look at what the checks found, order, verify and let one order run late; people are trained;
//! articles are read, and one campaign is under way.

use crate::company::Company;
use crate::crew::Crew;
use crate::error::TownError;
use denghuo_office::outreach::{NewCampaign, articles_install, campaign_decide, campaign_make};
use denghuo_office::supervision::training::{Attended, NewCourse, attendance_note, course_add, session_plan};
use denghuo_office::supervision::{
    FindingOrder, NewFinding, NewReview, finding_do, finding_note, review_draw,
};
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_rules::outreach::{Response, Segment};
use denghuo_rules::registry::{Category, StaffRole};
use denghuo_rules::supervision::{FindingDeed, Severity};
use denghuo_store::Conn;
use jiff::civil::Date;

/// Days before the end of the history on which the findings of the demonstration are noted.
const NOTED: i64 = 20;
/// Days before the end on which a review is drawn.
const REVIEWED: i64 = 6;
/// Days before the end on which a campaign is let out.
const TOLD: i64 = 10;
/// Courses: code, name, name in English, hours, points of those who come.
const COURSES: &[(&str, &str, &str, i64, &[i64])] = &[
    ("safety", "电力安全工作规程", "Safety rules", 16, &[96, 92, 88, 95]),
    ("reading", "抄表规范", "Reading meters", 8, &[90, 85, 78, 93]),
    ("verification", "电费核算", "Verifying bills", 8, &[88, 91]),
];

/// Who supervises, and the people who are supervised.
pub(super) struct Oversight {
    unit: String,
    leader: String,
    second: String,
    reader: String,
    collector: String,
    readers: Vec<String>,
    inspectors: Vec<String>,
    verifiers: Vec<String>,
    first: Date,
    until: Date,
}

impl Oversight {
    /// The supervisors of a company whose history runs from one day through another.
    pub fn new(company: &Company, first: Date, until: Date) -> Self {
        let of = |role: StaffRole| -> Vec<String> {
            company
                .staff
                .iter()
                .filter(|person| person.role == role)
                .map(|person| person.code.clone())
                .collect()
        };
        let leaders = of(StaffRole::Manager);
        let leader = leaders.first().cloned().unwrap_or_default();
        Self {
            unit: company.orgs.first().map(|unit| unit.code.clone()).unwrap_or_default(),
            second: leaders.get(1).cloned().unwrap_or_else(|| leader.clone()),
            leader,
            reader: company.staff_code(StaffRole::Reader).to_owned(),
            collector: company.staff_code(StaffRole::Collector).to_owned(),
            readers: of(StaffRole::Reader),
            inspectors: of(StaffRole::Inspector),
            verifiers: of(StaffRole::Verifier),
            first,
            until,
        }
    }

    /// What they do on a day.
    pub fn day(&self, conn: &mut Conn, crew: &Crew<'_>, on: Date) -> Result<(), TownError> {
        if on == self.first {
            self.train(conn, crew, on)?;
            articles_install(conn, &crew.work(&self.leader, on), on)?;
        }
        match days_between(on, self.until) {
            NOTED => self.note(conn, crew, on),
            TOLD => self.tell(conn, crew, on),
            REVIEWED => self.review(conn, crew, on),
            _ => Ok(()),
        }
    }

    /// Everybody is taught at the beginning; some pass.
    fn train(&self, conn: &mut Conn, crew: &Crew<'_>, on: Date) -> Result<(), TownError> {
        let work = crew.work(&self.leader, on);
        for (code, title, title_en, hours, scores) in COURSES {
            let new = NewCourse {
                code: (*code).to_owned(),
                title: (*title).to_owned(),
                title_en: (*title_en).to_owned(),
                about: String::new(),
                hours: *hours,
            };
            course_add(conn, &work, &new, on)?;
            let session = session_plan(conn, &work, (code, on), ("县公司培训室", &self.second))?;
            let people = match *code {
                "safety" => &self.inspectors,
                "reading" => &self.readers,
                _ => &self.verifiers,
            };
            for (person, score) in people.iter().zip(*scores) {
                let attended = Attended { person: person.clone(), came: true, score: Some(*score) };
                attendance_note(conn, &work, (code, session), &attended, on)?;
            }
        }
        Ok(())
    }

    /// Findings in every state: one that waits, one whose order runs late, one that was mended, one that cost points and is objected to.
    fn note(&self, conn: &mut Conn, crew: &Crew<'_>, on: Date) -> Result<(), TownError> {
        let leader = crew.work(&self.leader, on);
        let second = crew.work(&self.second, on);
        let found = |conn: &mut Conn, said: &str, person: &str, severity: Severity| {
            let new = NewFinding {
                person: Some(person.to_owned()),
                severity: Some(severity),
                said: said.to_owned(),
                ..NewFinding::default()
            };
            finding_note(conn, &leader, &new, on).map(|row| row.finding_no)
        };
        let order = |said: &str, owner: &str| FindingOrder {
            deed: Some(FindingDeed::Order),
            said: said.to_owned(),
            owner: Some(owner.to_owned()),
            ..FindingOrder::default()
        };
        let deed = |deed: FindingDeed, said: &str| FindingOrder {
            deed: Some(deed),
            said: said.to_owned(),
            ..FindingOrder::default()
        };
        found(conn, "抽查发现两户抄表示数照片模糊,无法核对", &self.reader, Severity::Minor)?;
        let late = found(conn, "三份催缴通知单无签收记录", &self.collector, Severity::Serious)?;
        finding_do(conn, &leader, late, &order("三日内补送并取得签收", &self.collector), on)?;
        let mended = found(conn, "抄表段台账未更新表箱钥匙交接", &self.reader, Severity::Minor)?;
        finding_do(conn, &leader, mended, &order("补登交接记录", &self.reader), on)?;
        let reader = crew.work(&self.reader, on);
        finding_do(conn, &reader, mended, &deed(FindingDeed::Tell, "已补登并由班长核对"), on)?;
        finding_do(conn, &second, mended, &deed(FindingDeed::Accept, ""), on)?;
        let fined = found(conn, "与客户通话用语不规范", &self.collector, Severity::Ordinary)?;
        finding_do(conn, &leader, fined, &deed(FindingDeed::Penalise, ""), on)?;
        let collector = crew.work(&self.collector, on);
        finding_do(conn, &collector, fined, &deed(FindingDeed::Appeal, "录音显示系客户误解"), on)?;
        Ok(())
    }

    /// Homes are told how to use power safely in the rainy season; a fifth is left out to compare.
    fn tell(&self, conn: &mut Conn, crew: &Crew<'_>, on: Date) -> Result<(), TownError> {
        let new = NewCampaign {
            title: "雨季安全用电".to_owned(),
            said: "雨季请检查漏电保护器,每月按一次试验按钮;家中进水请先断开总开关。".to_owned(),
            article: Some("safety-wet".to_owned()),
            segment: Segment { category: Some(Category::Household), ..Segment::default() },
            held_out_percent: 20,
            seed: 2018,
            answer: Response::Payment,
            respond_days: 30,
        };
        let row = match campaign_make(conn, &crew.work(&self.leader, on), &new, 1, on) {
            // A town without homes has nobody to tell.
            Err(error) if error.code() == Some("campaign.nobody") => return Ok(()),
            made => made?,
        };
        campaign_decide(conn, &crew.work(&self.second, on), row.campaign_no, true, on)?;
        Ok(())
    }

    /// Last month's bills are drawn of; nobody has looked at them yet.
    fn review(&self, conn: &mut Conn, crew: &Crew<'_>, on: Date) -> Result<(), TownError> {
        let new = NewReview {
            list: "bill".to_owned(),
            unit: self.unit.clone(),
            person: None,
            from_on: plus_days(on, -30),
            until_on: on,
            seed: 2018,
            auditor: self.second.clone(),
        };
        match review_draw(conn, &crew.work(&self.leader, on), &new, on) {
            // A town of a few accounts may have nothing that somebody else has released.
            Err(error) if error.code() == Some("supervision.nothing_to_draw") => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }
}
