//! 权限表: who may do what. A right that is not written here is nobody's.

use super::Permission::{self, *};
use super::Role::{self, *};

/// Each permission with the roles that hold it. `docs/rights.md` is made of it.
pub const RIGHTS: &[(Permission, &[Role])] = &[
    (SeeAccounts, &[Reader, Verifier, Cashier, Collector, Inspector, Accountant, Agent, Legal, Manager]),
    (SeePersonal, &[Collector, Inspector, Agent, Legal, Manager]),
    (SeeArrears, &[Reader, Verifier, Cashier, Collector, Inspector, Accountant, Agent, Legal, Manager]),
    (SeeEvidence, &[Collector, Inspector, Legal, Manager]),
    (SeeLegal, &[Collector, Accountant, Legal, Manager]),
    (
        SeeTasks,
        &[
            Reader,
            Verifier,
            Cashier,
            Collector,
            Inspector,
            Accountant,
            Agent,
            Legal,
            Manager,
            Other,
            Administrator,
        ],
    ),
    (SeeReports, &[Verifier, Accountant, Manager]),
    (SeeRules, &[Verifier, Accountant, Collector, Inspector, Legal, Manager, Administrator]),
    (SeeAudit, &[Manager, Administrator]),
    (TakeReadings, &[Reader, Verifier]),
    (DecideReadings, &[Verifier, Manager]),
    (ReleaseBills, &[Verifier, Manager]),
    (CorrectBills, &[Verifier]),
    (TakePayments, &[Cashier]),
    (KeepBank, &[Accountant]),
    (CloseDay, &[Cashier, Accountant]),
    (KeepContacts, &[Reader, Cashier, Collector, Agent]),
    (ServeNotices, &[Reader, Collector, Agent]),
    (WorkLadder, &[Collector, Agent, Manager]),
    (WaiveFees, &[Manager]),
    (ProposeCuts, &[Collector, Manager]),
    (ApproveCuts, &[Manager]),
    (OperateCuts, &[Inspector, Manager]),
    (KeepEvidence, &[Reader, Collector, Inspector, Legal, Manager]),
    (WorkLegal, &[Collector, Legal, Manager]),
    (ApproveLegal, &[Manager]),
    (ImportRegistry, &[Administrator]),
    (RunDay, &[Manager, Administrator]),
    (EditRules, &[Administrator]),
    (ApproveRules, &[Manager, Administrator]),
    (ManagePeople, &[Administrator]),
];
