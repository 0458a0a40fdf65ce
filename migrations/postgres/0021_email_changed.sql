-- Who a person is can be said anew; whose address is another then is told what ended with it.
ALTER TABLE access_event DROP CONSTRAINT access_event_kind_check;
ALTER TABLE access_event ADD CONSTRAINT access_event_kind_check
    CHECK (kind in (
        'password_set', 'network_role_given', 'other_role_given', 'role_taken_back', 'card_used', 'email_changed'));
