"""Why a number is what it is: inputs with source and age, the formula filled in, assumption and rule."""
