"""What stands in every file of LimeSurvey and says nothing: settings as they come with the program."""

from __future__ import annotations

from collections.abc import Mapping

# Values that mean "as usual" wherever they stand.
NEUTRAL = {"", "0", "N", "I", "-1", "inherit", "default", "normal"}

# Attributes of questions: further values that are usual.
ATTRIBUTES: Mapping[str, set[str]] = {
    "allowed_filetypes": {"png, gif, doc, odt", "png, gif, doc, odt, jpg, jpeg, pdf, png, heic"},
    "answer_width": {"33"},
    "commented_checkbox": {"allways"},
    "dualscale_headerA": set(),
    "fix_height": {"200"},
    "location_city": {"0"},
    "location_mapheight": {"300"},
    "location_mapwidth": {"500"},
    "location_mapzoom": {"11"},
    "max_num_of_files": {"1"},
    "samechoiceheight": {"1"},
    "samelistheight": {"1"},
    "show_comment": {"1"},
    "show_title": {"1"},
    "showpopups": {"1"},
    "slider_default_set": {"1"},
    "statistics_showgraph": {"1"},
    "time_limit_action": {"1"},
    "public_statistics": {"1"},
}

# How questions look as the program sets them by itself.
THEMES = {
    "", "core", "5pointchoice", "arrays/10point", "arrays/5point", "arrays/array", "arrays/column",
    "arrays/dualscale", "arrays/increasesamedecrease", "arrays/multiflexi", "arrays/texts",
    "arrays/yesnouncertain", "boilerplate", "date", "equation", "file_upload", "gender", "hugefreetext",
    "language", "list_dropdown", "list_with_comment", "listradio", "longfreetext", "multiplechoice",
    "multiplechoice_with_comments", "multiplenumeric", "multipleshorttext", "numerical", "ranking",
    "shortfreetext", "yesno",
}  # fmt: skip

# Settings of the survey: where they are of no consequence whatever they are, None.
SETTINGS: Mapping[str, set[str] | None] = {
    "sid": None,
    "gsid": None,
    "owner_id": None,
    "admin": None,
    "adminemail": None,
    "bounce_email": None,
    "active": None,
    "template": None,
    "datecreated": None,
    "lastmodified": None,
    "language": None,
    "additional_languages": None,
    "anonymized": None,
    "format": None,
    "autonumber_start": None,
    "tokenlength": None,
    "attributedescriptions": {"{}", "a:0:{}"},
    "allowprev": {"Y"},
    "allowsave": {"Y"},
    "htmlemail": {"Y"},
    "sendconfirmation": {"Y"},
    "showgroupinfo": {"B", "N", "D", "X"},
    "shownoanswer": {"Y"},
    "showprogress": {"Y"},
    "showqnumcode": {"X", "B", "C"},
    "showwelcome": {"Y"},
    "showxquestions": {"Y"},
    "usecaptcha": {"E"},
    "bounceprocessing": {"N"},
    "tokenencryptionoptions": None,
    "crypt_method": None,
    "othersettings": None,
    "access_mode": None,
    "listpublic": {"Y"},
}

# Columns of the texts of a survey that are of no consequence, or are told of together.
LANGUAGE_SETTINGS = {
    "surveyls_survey_id",
    "surveyls_language",
    "surveyls_dateformat",
    "surveyls_numberformat",
}
MAIL = ("email",)

# Tables that are read, or say nothing by themselves.
TABLES = {
    "answers", "answer_l10ns", "assessments", "conditions", "defaultvalues", "defaultvalue_l10ns", "groups",
    "group_l10ns", "questions", "question_l10ns", "question_attributes", "quota", "quota_languagesettings",
    "quota_members", "subquestions", "surveys", "surveys_languagesettings",
}  # fmt: skip
