"""Know a person's name: Chinese surnames, names with a dot, pen names behind a label."""

import re

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤"
    "花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄"
    "米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松"
    "井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘斜厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰"
    "从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴"
    "瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛"
    "阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公付肖闫邸代冼覃佘佟仝兰苑母海禤麦丛岳律初揭原楚鹿闭"
    "帅亓苟谌阳涂肇仉位战呼迟矫"
)
DOUBLE = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "尉迟",
        "公孙",
        "令狐",
        "皇甫",
        "慕容",
        "司徒",
        "夏侯",
        "宇文",
        "长孙",
        "端木",
    )
)
TITLES = re.compile(
    r"(?:(?:见习|实习|特约|首席|本报|全媒体)*(?:记者|通讯员|实习生|见习|编辑|摄影|作者|报道|报导|记者团|编译|整理|校对"
    r"|组稿|供稿|撰文|综合|文|图|摄))+$"
)
# what stands where a name is expected and names nobody
NOBODY = frozenset(
    (
        *(
            "未知",
            "佚名",
            "不详",
            "匿名",
            "无",
            "网络",
            "互联网",
            "暂无",
            "网友",
            "小编",
            "系统",
            "管理员",
            "admin",
            "Admin",
        ),
        *(
            "本站",
            "本网",
            "本报",
            "本报记者",
            "本网记者",
            "记者",
            "通讯员",
            "实习生",
            "记者团",
            "编辑",
            "作者",
            "责任编辑",
            "责编",
        ),
        *(
            "来源",
            "时间",
            "日期",
            "转载",
            "原创",
            "综合",
            "校对",
            "审核",
            "摄影",
            "报道",
            "整理",
            "点击",
            "浏览",
            "发布",
            "专题",
        ),
        *("评论", "热线", "公司", "文", "图", "摄"),
        *("收藏", "举报", "分享", "打印", "关注", "登录", "注册", "回复", "点赞", "推荐", "关闭", "转发", "返回"),
    )
)
# a department that poses as a person ends so
BODIES = re.compile(
    r"(?:局|委|办|厅|部|处|科|院|会|社|网|报|台|政府|中心|公司|集团|大学|学院|学校|医院|支队|大队|总队|办公室|宣传部|编辑部"
    r"|融媒体|小组|专班|法院|检察院|公安|协会|银行|频道|在线|新闻|客户端|街道|镇|乡|村|县|市|区|省)$"
)
# so does an office that stands alone behind 作者; a person's name may end so, where it begins with a surname
OFFICES = re.compile(r"(?:[部科处室办委局站组社网报台校院馆所队园厅会]|中心|公司)$")
# of three characters that begin like a name and are an outlet's, or a column's
ALONE = tuple("类版栏目区榜群圈界家网报社台讯汇说")
SPLIT = re.compile(r"[\s、,，;；&＆/／|｜+]+")
CODE = re.compile(r"[_\s]+[A-Z]{1,4}\d+$|\s*\(?[A-Z]{1,4}\d{2,6}\)?$|(?<=[\u4e00-\u9fff])\d+$")


def is_name(text: str) -> bool:
    """Say whether a word (simplified) looks like a person's name: a surname and one to three characters.

    >>> is_name("曹龙彬"), is_name("艾尼亚特·斯拉木"), is_name("欧阳贺坤"), is_name("宣传部"), is_name("完")
    (True, True, True, False, False)
    """
    if "·" in text or "•" in text:
        return bool(re.fullmatch(r"[\u4e00-\u9fff]{1,8}(?:[·•][\u4e00-\u9fff]{1,8}){1,3}", text))
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", text) or text in NOBODY or BODIES.search(text[2:]):
        return False
    if text[:2] in DOUBLE:
        return len(text) in {3, 4}
    return text[0] in SURNAMES and len(text) <= 3


def is_byline_name(text: str) -> bool:
    """Say whether a word (simplified) that stands alone where names and outlets do is surely a person's name.

    >>> is_byline_name("房思远"), is_byline_name("金融界"), is_byline_name("凤凰")
    (True, False, False)
    """
    return len(text) == 3 and is_name(text) and not text.endswith(ALONE)


def is_pen_name(text: str) -> bool:
    """Say whether a word behind 作者 or 编辑 may stand for a person, a pen name or a login too."""
    return (
        text not in NOBODY
        and not BODIES.search(text[2:])
        and not (OFFICES.search(text) and not is_name(text))
        and bool(re.fullmatch(r"[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z0-9·•_.\- ]{1,15}", text))
        and not re.fullmatch(r"[\u4e00-\u9fff]{7,}", text)
    )


def split_names(text: str) -> list[str]:
    """Return the words of a list of names; 和 parts two names, and is left where it is part of one.

    >>> split_names("宓长青、臧远帆"), split_names("张明和李芳"), split_names("阮昭和")
    (['宓长青', '臧远帆'], ['张明', '李芳'], ['阮昭和'])
    """
    words: list[str] = []
    for word in SPLIT.split(text):
        first, _, second = word.partition("和")
        words.extend((first, second) if is_name(first) and is_name(second) else (word,))
    return [word for word in words if word]
