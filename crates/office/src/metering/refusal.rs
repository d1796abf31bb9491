//! Why a reading is not taken in, and why an exception cannot be answered that way.

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use jiff::civil::Date;

/// Why one reading is not taken in; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingRefusal {
    /// Neither account nor meter is told.
    NoKey,
    /// No account has this number.
    UnknownAccount,
    /// No meter has this number.
    UnknownMeter,
    /// No reader has this code.
    UnknownStaff,
    /// The meter never hung at the account.
    OtherAccount,
    /// The reading lies after the business day.
    InFuture {
        /// The business day.
        today: Date,
    },
    /// The meter hung there only later.
    BeforeInstallation {
        /// The first day.
        installed_on: Date,
    },
    /// The meter had been removed.
    AfterRemoval {
        /// The last day.
        removed_on: Date,
    },
    /// Several meters hang there that day and none is named.
    WhichMeter,
    /// More digits than the meter has.
    BeyondDial {
        /// Whole digits of the meter.
        digits: i64,
    },
    /// A reading of that day with another value is there; a correction goes through its exception.
    OtherValue {
        /// The total register that is there.
        there: String,
    },
    /// The day is billed already.
    Billed {
        /// Billed to this day.
        billed_to: Date,
    },
    /// The file tells the meter's day twice, with different values.
    TwiceInFile {
        /// Line of the first.
        line: u64,
    },
}

impl ReadingRefusal {
    /// The column of the file that is meant.
    #[must_use]
    pub const fn column(&self) -> &'static str {
        match self {
            Self::NoKey | Self::UnknownAccount => "account_no",
            Self::UnknownMeter | Self::OtherAccount | Self::WhichMeter => "meter_no",
            Self::UnknownStaff => "taken_by",
            Self::InFuture { .. }
            | Self::BeforeInstallation { .. }
            | Self::AfterRemoval { .. }
            | Self::Billed { .. } => "read_on",
            Self::BeyondDial { .. } | Self::OtherValue { .. } | Self::TwiceInFile { .. } => "total",
        }
    }
}

impl Refuse for ReadingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoKey => "reading.no_key",
            Self::UnknownAccount => "reading.unknown_account",
            Self::UnknownMeter => "reading.unknown_meter",
            Self::UnknownStaff => "reading.unknown_staff",
            Self::OtherAccount => "reading.other_account",
            Self::InFuture { .. } => "reading.in_future",
            Self::BeforeInstallation { .. } => "reading.before_installation",
            Self::AfterRemoval { .. } => "reading.after_removal",
            Self::WhichMeter => "reading.which_meter",
            Self::BeyondDial { .. } => "reading.beyond_dial",
            Self::OtherValue { .. } => "reading.other_value",
            Self::Billed { .. } => "reading.billed",
            Self::TwiceInFile { .. } => "reading.twice_in_file",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NoKey => {
                Bilingual::new("户号和表号至少填一个", "give the account number or the meter number")
            }
            Self::UnknownAccount => Bilingual::new("没有这个户号", "no account has this number"),
            Self::UnknownMeter => Bilingual::new("没有这个表号", "no meter has this number"),
            Self::UnknownStaff => Bilingual::new("没有这个人员编号", "no member of staff has this code"),
            Self::OtherAccount => Bilingual::new("该表不在该户", "the meter does not belong to this account"),
            Self::InFuture { today } => Bilingual::new(
                format!("抄表日晚于营业日{today}"),
                format!("the reading lies after the business day {today}"),
            ),
            Self::BeforeInstallation { installed_on } => Bilingual::new(
                format!("抄表日早于装表日{installed_on}"),
                format!("the meter was installed on {installed_on}, after the reading"),
            ),
            Self::AfterRemoval { removed_on } => Bilingual::new(
                format!("该表已于{removed_on}拆除"),
                format!("the meter was removed on {removed_on}, before the reading"),
            ),
            Self::WhichMeter => Bilingual::new(
                "该户当日有多块表,请填表号",
                "several meters hang there that day: give the meter number",
            ),
            Self::BeyondDial { digits } => Bilingual::new(
                format!("示数超出表计{digits}位整数"),
                format!("more than the meter's {digits} whole digits"),
            ),
            Self::OtherValue { there } => Bilingual::new(
                format!("当日已有不同示数{there},更正请走异常处理"),
                format!("a reading of that day shows {there}: correct it through its exception"),
            ),
            Self::Billed { billed_to } => Bilingual::new(
                format!("该户已算费至{billed_to}"),
                format!("the account is billed to {billed_to}"),
            ),
            Self::TwiceInFile { line } => Bilingual::new(
                format!("与第{line}行同表同日而示数不同"),
                format!("line {line} tells another value for this meter and day"),
            ),
        }
    }
}

/// Why an exception cannot be answered that way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExceptionRefusal {
    /// There is no such open exception.
    NotOpen,
    /// An answer needs a reason.
    NoReason,
    /// It has no quantity, so it cannot be confirmed.
    NothingToConfirm,
    /// A correction needs the day and the registers of a reading of the account.
    NothingToCorrect,
    /// The new registers cannot be shown by the meter.
    BeyondDial,
    /// The period is billed already; a late correction goes through billing.
    Billed {
        /// Billed to this day.
        billed_to: Date,
    },
    /// There is no previous period whose quantity could be taken.
    NoPreviousPeriod,
    /// Nothing was used in the previous period: an estimate of it would bill a missing reading as zero.
    ZeroPreviousPeriod,
    /// No estimate before the reading explains it.
    NothingToSettle,
}

impl Refuse for ExceptionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOpen => "exception.not_open",
            Self::NoReason => "exception.no_reason",
            Self::NothingToConfirm => "exception.nothing_to_confirm",
            Self::NothingToCorrect => "exception.nothing_to_correct",
            Self::BeyondDial => "exception.beyond_dial",
            Self::Billed { .. } => "exception.billed",
            Self::NoPreviousPeriod => "exception.no_previous_period",
            Self::ZeroPreviousPeriod => "exception.zero_previous_period",
            Self::NothingToSettle => "exception.nothing_to_settle",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NotOpen => Bilingual::new("没有这项未处理的异常", "there is no such open exception"),
            Self::NoReason => Bilingual::new("请填写原因", "give a reason"),
            Self::NothingToConfirm => Bilingual::new(
                "没有可用电量,不能确认,请更正、补抄或暂计",
                "it has no quantity to confirm: correct it, read again or bill provisionally",
            ),
            Self::NothingToCorrect => Bilingual::new("没有可更正的示数", "there is no reading to correct"),
            Self::BeyondDial => Bilingual::new("示数超出表计位数", "more than the meter has digits for"),
            Self::Billed { billed_to } => Bilingual::new(
                format!("已算费至{billed_to},请走电费退补"),
                format!("billed to {billed_to}: correct it through billing"),
            ),
            Self::NoPreviousPeriod => Bilingual::new(
                "没有上期电量,不能暂计",
                "there is no previous period to take the quantity from",
            ),
            Self::ZeroPreviousPeriod => Bilingual::new(
                "上期电量为零,暂计等于按零电量算费,须补抄",
                "nothing was used in the previous period: an estimate would bill a missing reading as zero; read it again",
            ),
            Self::NothingToSettle => Bilingual::new(
                "此前没有可结清的暂计示数",
                "no estimate before this reading can be settled by it",
            ),
        }
    }
}
