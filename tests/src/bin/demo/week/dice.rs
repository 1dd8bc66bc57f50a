//! Chance that is the same in every run: it depends on the seed, the case and its turn, never on who happens to come first.

/// The mixer is `SplitMix64`.
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of one turn of one case.
    pub(super) fn of(seed: u64, case: usize, turn: u32) -> Self {
        let mut dice = Self(seed);
        for part in [case as u64, u64::from(turn)] {
            dice.0 = dice.next() ^ part.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `from` up to and without `end`.
    pub(super) fn between(&mut self, from: u32, end: u32) -> u32 {
        let span = u64::from(end.saturating_sub(from).max(1));
        from + u32::try_from(self.next() % span).unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.between(0, 100) < share
    }
}
