//! Writes the foreign side of the bridge from the built library. Everything it can do is UniFFI's; see `--help`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
