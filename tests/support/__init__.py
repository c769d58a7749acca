"""What tests of contracts share: `from support.events import assert_events`."""
