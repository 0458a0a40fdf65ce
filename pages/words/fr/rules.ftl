rules-title = Règles du réseau
rules-default = Règles de départ, tant que les membres n’ont rien décidé
rules-decided = { $decision } (en vigueur depuis le { $date })
rules-step-is = Les échanges se notent par pas de { $minutes } minutes.
rules-days-are = { $days ->
    [1] Sans réponse après un jour, un échange est sur la liste de la coordination.
   *[other] Sans réponse après { $days } jours, un échange est sur la liste de la coordination.
}
rules-adopt-title = Mettre de nouvelles règles en vigueur
rules-adopt-then = Elles valent dès maintenant pour tous les membres sans limites à eux, et sont scellées avec la décision.
rules-adopt = Mettre en vigueur
rules-step = Pas des échanges, en minutes
rules-days = Jours pour répondre
rules-number = Un nombre entier, de 1 à { $most }.
rules-former = Règles précédentes
said-rules = Les nouvelles règles sont en vigueur.
said-rules-changed = Entre-temps les règles ont changé : rien n’a été fait. Voici celles en vigueur.
