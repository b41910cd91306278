"""The pages of sak/arkiv."""
