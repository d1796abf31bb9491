//! 电价构成: naming one component of a price, and telling a component that is not published from one that is zero.

use super::{Components, NoPrice, PriceRow};
use crate::registry::words;
use crate::units::Price;
use serde::{Deserialize, Serialize};

words!(
    /// 电价构成项
    Component {
        /// 代理购电价格
        Purchase = "purchase" / "代理购电价格",
        /// 上网环节线损费用
        LineLoss = "line_loss" / "上网环节线损费用",
        /// 输配电价
        Transmission = "transmission" / "输配电价",
        /// 系统运行费
        System = "system" / "系统运行费",
        /// 政府性基金及附加
        Funds = "funds" / "政府性基金及附加",
    }
);

impl Components {
    /// The component as published; `None` when the table does not tell it.
    #[must_use]
    pub fn told(&self, component: Component) -> Option<Price> {
        let price = match component {
            Component::Purchase => self.purchase,
            Component::LineLoss => self.line_loss,
            Component::Transmission => self.transmission,
            Component::System => self.system,
            Component::Funds => self.funds,
        };
        (!price.is_zero()).then_some(price)
    }

    /// Sets one component.
    pub fn set(&mut self, component: Component, price: Price) {
        match component {
            Component::Purchase => self.purchase = price,
            Component::LineLoss => self.line_loss = price,
            Component::Transmission => self.transmission = price,
            Component::System => self.system = price,
            Component::Funds => self.funds = price,
        }
    }

    /// The components that the table does not tell.
    pub fn untold(&self) -> impl Iterator<Item = Component> + '_ {
        Component::ALL.iter().copied().filter(|c| self.told(*c).is_none())
    }

    /// Everything that is told, together.
    #[must_use]
    pub fn sum(&self) -> Price {
        self.purchase + self.line_loss + self.transmission + self.system + self.funds
    }
}

impl PriceRow {
    /// The published component.
    ///
    /// # Errors
    /// The table does not tell it: it is then unknown, never zero.
    pub fn component(&self, component: Component) -> Result<Price, NoPrice> {
        self.components
            .told(component)
            .ok_or_else(|| NoPrice::NoComponent { rule: self.rule.clone(), component })
    }

    /// The published time-of-use price of a period.
    ///
    /// # Errors
    /// The table has no such price.
    pub fn band(&self, band: super::Band) -> Result<Price, NoPrice> {
        self.bands[band.index()].ok_or_else(|| NoPrice::NoBand { rule: self.rule.clone(), band })
    }

    /// The published periods of the day.
    ///
    /// # Errors
    /// The table has none.
    pub fn periods(&self) -> Result<super::DayBands, NoPrice> {
        self.day_bands.ok_or_else(|| NoPrice::NoPeriods { rule: self.rule.clone() })
    }
}
