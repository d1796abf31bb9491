//! `denghuo users`: logins and tokens from the command line.

use crate::context::{Global, Lang, print_json, today};
use clap::Subcommand;
use denghuo_office::access::{
    LoginShown, login_add, login_disable, login_list, login_reset, token_add, token_list, token_revoke,
};
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo users`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo users add S001
  denghuo users add admin2 --administrator
  denghuo users list
  denghuo users reset S001
  denghuo users token S001 --purpose 银行前置 --permissions see_accounts,take_payments --until 2027-12-31")]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// Staff code of who does it
    #[arg(long, global = true, default_value = "system")]
    by: String,
}

#[derive(Subcommand)]
enum What {
    /// A login for a member of staff; its first password is told once 新建登录
    Add {
        /// Staff code, which is the login's name
        name: String,
        /// An administrator, on the staff list or not
        #[arg(long)]
        administrator: bool,
    },
    /// Every login 登录一览
    List {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// A new first password; opens a login that was shut or locked 重置密码
    Reset {
        /// The login
        name: String,
    },
    /// Shut a login 停用登录
    Disable {
        /// The login
        name: String,
    },
    /// A token for another system that acts as a login, told once 新建接口令牌
    Token {
        /// The login that it acts as
        name: String,
        /// What it is for
        #[arg(long)]
        purpose: String,
        /// What it may do at most, with commas between
        #[arg(long, value_delimiter = ',', required = true)]
        permissions: Vec<String>,
        /// Last day
        #[arg(long)]
        until: Date,
    },
    /// Every token 令牌一览
    Tokens {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a token back 收回令牌
    Revoke {
        /// Its number
        token: i64,
    },
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    let on = today();
    let password = |name: &str, password: &str| {
        println!(
            "{} {name}  {} {password}",
            global.say("登录名", "login"),
            global.say("初始密码", "first password")
        );
    };
    global.work(&args.by, |conn, work| match args.what {
        What::Add { name, administrator } => {
            password(&name, &login_add(conn, work, &name, administrator, on)?);
            Ok(())
        }
        What::List { json } => {
            let all = login_list(conn, work, on)?;
            if json {
                return print_json(&all);
            }
            all.iter().for_each(|login| tell(global, login));
            Ok(())
        }
        What::Reset { name } => {
            password(&name, &login_reset(conn, work, &name, on)?);
            Ok(())
        }
        What::Disable { name } => {
            login_disable(conn, work, &name, on)?;
            println!("{}", global.say("已停用", "shut"));
            Ok(())
        }
        What::Token { name, purpose, permissions, until } => {
            let (no, token) = token_add(conn, work, (&name, &purpose), &permissions, (on, until))?;
            println!("{} {no}: {token}", global.say("令牌 (仅显示这一次)", "token (shown only now)"));
            Ok(())
        }
        What::Tokens { json } => {
            let all = token_list(conn)?;
            if json {
                return print_json(&json!(all));
            }
            for token in &all {
                let revoked =
                    token.revoked_on.map(|day| format!("  {} {day}", global.say("收回", "revoked")));
                println!(
                    "{}  {}  {}  – {}  {}{}",
                    token.token_no,
                    token.name,
                    token.purpose,
                    token.until_on,
                    token.permissions.join(","),
                    revoked.unwrap_or_default()
                );
            }
            Ok(())
        }
        What::Revoke { token } => {
            token_revoke(conn, work, token, on)?;
            println!("{}", global.say("已收回", "revoked"));
            Ok(())
        }
    })
}

fn tell(global: &Global, login: &LoginShown) {
    let chinese = matches!(global.lang, Lang::Zh);
    let roles: Vec<&str> =
        login.roles.iter().map(|role| if chinese { role.zh() } else { role.word() }).collect();
    let mut marks = Vec::new();
    if login.must_change {
        marks.push(global.say("须改密码", "must change the password").to_owned());
    }
    if login.locked {
        marks.push(global.say("已锁定", "locked").to_owned());
    }
    if let Some(day) = login.disabled_on {
        marks.push(format!("{} {day}", global.say("停用", "shut")));
    }
    println!(
        "{:<10} {:<8} {:<10} {}",
        login.name,
        login.org.as_deref().unwrap_or("-"),
        roles.join("、"),
        marks.join(", ")
    );
}
