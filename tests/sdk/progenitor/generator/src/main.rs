//! Generates the client: `generator <document> <file>`.
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let [document, file] = env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "a document and a file")?;
    let document = serde_yaml::from_str(&fs::read_to_string(document)?)?;
    let mut settings = GenerationSettings::new();
    // A list has about thirty parameters: a builder names them, instead of positional arguments.
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&document)?;
    fs::write(file, prettyplease::unparse(&syn::parse2(tokens)?))?;
    Ok(())
}
