//! What an import would do to open cases, as lines for a terminal.

use std::io::{Result, Write};

use shared::contract::city_data::{CityDataEffects, Comparison, DispatchEffect, PolicyEffect};

/// One line for each clock, tier and move; nothing where nothing is concerned.
pub(super) fn tell(effects: &CityDataEffects, out: &mut (dyn Write + Send)) -> Result<()> {
    if let Some(PolicyEffect { keeping, changing }) = effects.policy {
        writeln!(
            out,
            "open cases: {keeping} accepted, which keep their policy; {changing} not yet accepted, for which the new limits hold"
        )?;
    }
    for limit in &effects.limits {
        let what = format!("{} {}", limit.clock, limit.urgency);
        if limit.kept > 0 {
            writeln!(
                out,
                "{what}: {} running for accepted cases, which keep their policy",
                limit.kept
            )?;
        }
        if limit.comparison.running > 0 {
            compare(&what, &limit.comparison, out)?;
        }
    }
    for tier in &effects.tiers {
        compare(&format!("tier {}", tier.tier), &tier.comparison, out)?;
        if tier.elsewhere > 0 {
            writeln!(
                out,
                "tier {}: the causes of {} would open another tier",
                tier.tier, tier.elsewhere
            )?;
        }
    }
    if !(effects.limits.is_empty() && effects.tiers.is_empty()) {
        writeln!(
            out,
            "running clocks keep their due dates; the new limits hold for the next ones"
        )?;
    }
    effects
        .dispatch
        .as_ref()
        .map_or(Ok(()), |dispatch| moves(dispatch, out))
}

fn compare(what: &str, comparison: &Comparison, out: &mut (dyn Write + Send)) -> Result<()> {
    let Comparison {
        running,
        earlier,
        same,
        later,
        late,
        late_then,
    } = comparison;
    writeln!(
        out,
        "{what}: {running} running; limit earlier for {earlier}, same for {same}, later for {later}; late: {late}, \
         under the new limit: {late_then}"
    )
}

fn moves(dispatch: &DispatchEffect, out: &mut (dyn Write + Send)) -> Result<()> {
    let DispatchEffect {
        waiting,
        moved,
        lost,
        gained,
        moves_not_shown,
        ..
    } = dispatch;
    writeln!(
        out,
        "accepted cases: {waiting}; to another unit: {moved}, to none any more: {lost}, to one at last: {gained}"
    )?;
    for line in &dispatch.moves {
        let unit = |code: &Option<String>| code.clone().unwrap_or_else(|| "none".to_owned());
        writeln!(out, "  {} -> {}: {}", unit(&line.from), unit(&line.to), line.cases)?;
    }
    if *moves_not_shown > 0 {
        writeln!(out, "  other moves: {moves_not_shown}")?;
    }
    if dispatch.more_waiting {
        writeln!(out, "  the rarest pairs of category and place were not looked at")?;
    }
    Ok(())
}
