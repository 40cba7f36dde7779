"""Hand-edited TOML: values with the line they stand on, and problems a person can act on."""
