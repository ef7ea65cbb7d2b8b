"""The live execution: what a fact or a passing moment can change is found, and only that is asked again."""
