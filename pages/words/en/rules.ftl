rules-title = The network’s rules
rules-default = The rules to begin with, until the members decide
rules-decided = { $decision } (in force since { $date })
rules-step-is = Exchanges are noted in steps of { $minutes } minutes.
rules-days-are = { $days ->
    [1] Without an answer after a day, an exchange is on the coordinator’s list.
   *[other] Without an answer after { $days } days, an exchange is on the coordinator’s list.
}
rules-adopt-title = Put new rules in force
rules-adopt-then = They hold from now on for all members without limits of their own, and are sealed with the decision.
rules-adopt = Put in force
rules-step = Step of exchanges, in minutes
rules-days = Days to answer
rules-number = A whole number, from 1 to { $most }.
rules-former = Earlier rules
said-rules = The new rules are in force.
said-rules-changed = The rules changed meanwhile: nothing was done. These are in force.
