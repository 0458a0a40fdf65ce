-- Each posting has the balance after it: the end of an account is that of its last posting, and stands nowhere else.
DROP TABLE balance;

-- What tells how a member is called and registered is seldom, too.
DROP INDEX act_seldom;
CREATE INDEX act_seldom ON act (network_id, kind, number)
    WHERE kind in ('limits_set', 'transferred', 'balance_brought_in', 'association_left', 'association_added', 'association_renamed', 'association_identified');
