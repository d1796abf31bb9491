//! 档案代码: the words of the registry beside those that decide a price.

use super::words;
use serde::{Deserialize, Serialize};

words!(
    /// 单位类型: what a unit of the organisation is.
    OrgKind {
        /// A provincial company.
        Province = "province" / "省公司",
        /// A city company.
        City = "city" / "市公司",
        /// The company.
        Company = "company" / "公司",
        /// A department.
        Department = "department" / "部门",
        /// A power-supply station of townships.
        Station = "station" / "供电所",
        /// A business hall.
        Hall = "hall" / "营业厅",
        /// A team.
        Team = "team" / "班组",
    }
);

words!(
    /// 岗位: what a member of staff does.
    StaffRole {
        /// Reads meters.
        Reader = "reader" / "抄表员",
        /// Verifies bills.
        Verifier = "verifier" / "核算员",
        /// Takes payments.
        Cashier = "cashier" / "收费员",
        /// Collects arrears.
        Collector = "collector" / "催费员",
        /// Inspects the use of electricity.
        Inspector = "inspector" / "用电检查员",
        /// Keeps the accounts.
        Accountant = "accountant" / "账务员",
        /// Answers customers.
        Agent = "agent" / "客服",
        /// Writes letters and goes to court.
        Legal = "legal" / "法务",
        /// Leads.
        Manager = "manager" / "管理人员",
        /// Anything else.
        Other = "other" / "其他",
    }
);

words!(
    /// 客户类型
    CustomerKind {
        /// A person.
        Person = "person" / "个人",
        /// An enterprise.
        Enterprise = "enterprise" / "企业",
        /// A public body or institution.
        Institution = "institution" / "机关事业单位",
        /// Any other organisation.
        Organisation = "organisation" / "其他组织",
    }
);

words!(
    /// 联系方式类型
    ContactKind {
        /// A mobile telephone.
        Mobile = "mobile" / "手机",
        /// A fixed line.
        Phone = "phone" / "固定电话",
        /// E-mail.
        Email = "email" / "电子邮件",
        /// A WeChat identity.
        Wechat = "wechat" / "微信",
        /// 送达地址: a postal address agreed for service.
        Address = "address" / "送达地址",
    }
);

words!(
    /// 计量点关系: how the energy of a metering point counts.
    PointRelation {
        /// Counts in full.
        Main = "main" / "主表",
        /// Stands behind the main meter: its energy is billed on its own terms and taken off the main one.
        Sub = "sub" / "套表",
    }
);

words!(
    /// 保护类别: who is protected against a cut beyond the general rules.
    Protection {
        /// A home with medical equipment.
        Medical = "medical" / "医疗设备家庭",
        /// A low-income home.
        LowIncome = "low_income" / "低保特困户",
        /// A hospital.
        Hospital = "hospital" / "医院",
        /// A school.
        School = "school" / "学校",
        /// Water, heat or gas supply.
        Utility = "utility" / "供水供热供气",
        /// A trade where a cut is dangerous: mines, chemicals, metallurgy.
        HighRisk = "high_risk" / "高危行业",
    }
);

words!(
    /// 审批层级: who approves, from low to high.
    ApprovalLevel {
        /// Head of a team or service hall.
        Team = "team" / "班组",
        /// Head of the marketing department.
        Department = "department" / "营销部",
        /// Head of the company.
        Company = "company" / "公司",
    }
);
