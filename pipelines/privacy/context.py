"""Tell by the words before a number whose it is: an office's, a person's, or nobody's that is named."""

import re

REACH = 40  # characters before a number in which a label may stand
SENTENCE = re.compile(r"[。；;！!？?\n]")
OFFICE = re.compile(
    r"热线|值班|值守|举报|监督|投诉|咨询|服务电话|客服|报警|求助|指挥部|办公室|疾控|卫健委|卫生局|医院|街道办|居委会|村委会"
    r"|居民委员会|村民委员会|监管局|执法|政务|大厅|窗口|门诊|接种点|采样点|传真|办公电话|公司|总机|编辑部|报名"
)
PERSON = re.compile(
    r"联系人|姓名|本人|患者|病例|密接者|家属|亲属|机主|户主|当事人|失主|手机号|手机|身份证|家庭|家中|家里|住宅|宅电|私人|某某"
)
ORGANISATION = re.compile(
    r"公司|协会|学会|商会|基金会|红十字|慈善|委员会|管理局|财政|医院|学校|政府|对公|捐款|捐赠|募捐|缴款|非税"
)
IDENTITY = re.compile(r"身份证|身份号码|证件号|公民身份")
CREDIT_CODE = re.compile(r"信用代码|机构代码|注册号|许可证|执照|订单|流水号|编号|文号|案号")


def before(text: str, start: int) -> str:
    """Return what stands before a place (characters) in the same sentence, REACH characters at most.

    >>> before("举报电话公布。联系人张三：138", 13)
    '联系人张三：'
    """
    return SENTENCE.split(text[max(0, start - REACH) : start])[-1]


def nearest(words: str) -> str:
    """Return whose number it is by the label that stands nearest before it: "office", "person", or "".

    >>> nearest("举报电话12345，联系人张三，"), nearest("联系人张三，办公室值班电话"), nearest("电话")
    ('person', 'office', '')
    """
    ends = {
        name: max((match.end() for match in labels.finditer(words)), default=-1)
        for name, labels in (("office", OFFICE), ("person", PERSON))
    }
    name = max(ends, key=lambda one: ends[one])
    return name if ends[name] >= 0 else ""
