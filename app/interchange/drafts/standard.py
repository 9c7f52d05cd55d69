"""Words that LimeSurvey has built in: they are in no file."""

from __future__ import annotations

from collections.abc import Sequence

_WORDS: dict[str, dict[str, str]] = {
    "yes": {"en": "Yes", "ja": "はい", "de": "Ja", "fr": "Oui", "es": "Sí", "it": "Sì"},
    "no": {"en": "No", "ja": "いいえ", "de": "Nein", "fr": "Non", "es": "No", "it": "No"},
    "uncertain": {
        "en": "Uncertain",
        "ja": "どちらともいえない",
        "de": "Unsicher",
        "fr": "Indécis",
        "es": "Inseguro",
        "it": "Incerto",
    },
    "increase": {
        "en": "Increase",
        "ja": "増加",
        "de": "Zunahme",
        "fr": "Augmentation",
        "es": "Aumentar",
        "it": "Aumento",
    },
    "same": {"en": "Same", "ja": "同じ", "de": "Gleich", "fr": "Identique", "es": "Igual", "it": "Uguale"},
    "decrease": {
        "en": "Decrease",
        "ja": "減少",
        "de": "Abnahme",
        "fr": "Diminution",
        "es": "Disminuir",
        "it": "Diminuzione",
    },
    "female": {"en": "Female", "ja": "女性", "de": "Weiblich", "fr": "Féminin", "es": "Femenino", "it": "Femmina"},
    "male": {"en": "Male", "ja": "男性", "de": "Männlich", "fr": "Masculin", "es": "Masculino", "it": "Maschio"},
    "other": {"en": "Other", "ja": "その他", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "it": "Altro"},
    "none": {"en": "None", "ja": "どれもない", "de": "Keine", "fr": "Aucun", "es": "Ninguno", "it": "Nessuno"},
    "refused": {
        "en": "Refuse to answer",
        "ja": "答えたくない",
        "de": "Keine Angabe",
        "fr": "Ne souhaite pas répondre",
        "es": "No quiero responder",
        "it": "Preferisco non rispondere",
    },
    "dont_know": {
        "en": "Don't know",
        "ja": "わからない",
        "de": "Weiß nicht",
        "fr": "Ne sait pas",
        "es": "No sé",
        "it": "Non so",
    },
    "from": {"en": "from", "ja": "から", "de": "von", "fr": "de", "es": "desde", "it": "da"},
    "to": {"en": "to", "ja": "まで", "de": "bis", "fr": "à", "es": "hasta", "it": "a"},
    "comment": {
        "en": "Comment",
        "ja": "コメント",
        "de": "Kommentar",
        "fr": "Commentaire",
        "es": "Comentario",
        "it": "Commento",
    },
    "accept": {
        "en": "I agree",
        "ja": "同意します",
        "de": "Ich stimme zu",
        "fr": "J'accepte",
        "es": "Acepto",
        "it": "Accetto",
    },
}


def standard(word: str, languages: Sequence[str]) -> dict[str, str]:
    """A built-in word in the languages that are known here; in all of them in English where none is."""
    known = _WORDS[word]
    found = {language: known[base] for language in languages if (base := language.split("-")[0]) in known}
    return found or dict.fromkeys(languages, known["en"])
