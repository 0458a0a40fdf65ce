exchange-given = donné { $hours }
exchange-received = reçu { $hours }
exchange-any-skill = coup de main
exchange-said-given = { $partner } dit que vous les avez aidés
exchange-said-received = { $partner } dit vous avoir aidés
exchange-correction-said = { $partner } demande de corriger cet échange
exchange-waits-for-them = { $days ->
    [0] attend leur réponse
    [one] attend leur réponse depuis hier
   *[other] attend leur réponse depuis { $days } jours
}
exchange-waits-for-us = { $days ->
    [0] attend votre réponse
    [one] attend votre réponse depuis hier
   *[other] attend votre réponse depuis { $days } jours
}
exchange-correction-asked = confirmé, vous demandez une correction
exchange-correction-wanted = confirmé, une correction est demandée
exchange-contested = désaccord, la médiation regarde
exchange-held = d’accord des deux côtés, attend la coordination
exchange-confirmed = confirmé
exchange-reversed = annulé
exchange-withdrawn = retiré
exchange-dismissed = classé sans suite
