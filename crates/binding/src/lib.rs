//! The expression language of screens, workflows, notifications and prompts.
