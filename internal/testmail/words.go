package testmail

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// language is what mails of one language are made of.
type language struct {
	words    []string
	people   []string
	greeting string
	bye      string
	joint    string // between words
	stop     string // of a sentence
	charset  string // of the time before UTF-8
	encoding encoding.Encoding
}

func split(s string) []string { return strings.Fields(s) }

var languages = []language{
	{
		words:    split("the a of to and in we you for that on with this will from harbour ferry ticket meeting budget workshop draft lunch train platform photo garden letter invoice question answer morning evening summer boat island weather plan list room table door window report number change early late small long quiet blue green ready open again soon still maybe together yesterday tomorrow Thursday Saturday week month please thanks because before after"),
		people:   split("Tom_Bannister Priya_Raman Hanna_Wells Oliver_Grant Nora_Quinn Sam_Whitlock Ruth_Abel Jack_Tindall"),
		greeting: "Hi", bye: "Best wishes", joint: " ", stop: ".", charset: "us-ascii",
	},
	{
		words:    split("le la les un une de du des et à en nous vous pour que sur avec ce sera depuis été déjà bientôt peut-être demain hier matin soirée bateau île billet réunion atelier brouillon déjeuner train quai photo jardin lettre facture question réponse semaine mois château forêt garçon leçon prêt ouvert petit long calme bleu vert merci parce avant après"),
		people:   split("Amélie_Fournier Étienne_Marchand Zoé_Lefèvre Benoît_Caron Hélène_Dubois"),
		greeting: "Bonjour", bye: "À bientôt", joint: " ", stop: ".", charset: "iso-8859-1", encoding: charmap.ISO8859_1,
	},
	{
		words:    split("der die das ein eine von zu und in wir Sie für dass auf mit dies wird Hafen Fähre Fahrkarte Besprechung Entwurf Mittagessen Zug Bahnsteig Foto Garten Brief Rechnung Frage Antwort Morgen Abend Sommer Boot Insel Wetter Plan Liste Raum Tür Fenster Bericht Zahl Änderung früh spät klein lang ruhig blau grün bereit offen wieder bald noch vielleicht zusammen gestern heute Donnerstag Samstag Woche Monat bitte danke weil vor nach schön größer"),
		people:   split("Jonas_Lindqvist Käthe_Brückner Jürgen_Weiß Anneliese_Vogt Björn_Hartmann"),
		greeting: "Guten Tag", bye: "Viele Grüße", joint: " ", stop: ".", charset: "iso-8859-15", encoding: charmap.ISO8859_15,
	},
	{
		words:    split("el la los una de y en nosotros ustedes para que sobre con este será puerto barco billete reunión taller borrador almuerzo tren andén foto jardín carta factura pregunta respuesta mañana tarde verano isla tiempo plan lista sala puerta ventana informe número cambio temprano pequeño largo tranquilo azul verde listo abierto pronto todavía quizás juntos ayer jueves sábado semana mes año gracias porque antes después niño"),
		people:   split("María_del_Carmen_Ortega Íñigo_Salas Lucía_Peña Andrés_Muñoz"),
		greeting: "Hola", bye: "Un abrazo", joint: " ", stop: ".", charset: "windows-1252", encoding: charmap.Windows1252,
	},
	{
		words:    split("и в не на я что мы это с по для как письмо вопрос ответ паром билет встреча бюджет мастерская черновик обед поезд платформа фото сад счёт утро вечер лето лодка остров погода план список комната дверь окно отчёт число рано поздно маленький длинный тихий синий зелёный готов открыт снова скоро ещё вместе вчера завтра четверг суббота неделя месяц спасибо"),
		people:   split("Ольга_Воронова Пётр_Соколов Надежда_Белова"),
		greeting: "Здравствуйте", bye: "С уважением", joint: " ", stop: ".", charset: "koi8-r", encoding: charmap.KOI8R,
	},
	{
		words:    split("来週 会議 資料 確認 お願い 予定 火曜日 変更 場所 時間 電車 港 船 切符 写真 庭 手紙 質問 返事 朝 夕方 夏 島 天気 一覧 部屋 窓 報告 早い 静か 青い 準備 明日 昨日 木曜日 土曜日 週間 ありがとう について ですが しました です ます から まで"),
		people:   split("田中_由紀 佐藤_健 鈴木_恵子"),
		greeting: "お世話になっております", bye: "よろしくお願いいたします", joint: "", stop: "。", charset: "iso-2022-jp", encoding: japanese.ISO2022JP,
	},
	{
		words:    split("我们 会议 文件 下周 星期二 请 确认 时间 地点 火车 港口 轮渡 车票 照片 花园 信 问题 回答 早上 晚上 夏天 岛 天气 名单 房间 窗 报告 明天 昨天 谢谢 因为 以后 已经 可以 一起"),
		people:   split("王_芳 李_明"),
		greeting: "你好", bye: "此致", joint: "", stop: "。", charset: "gb18030", encoding: simplifiedchinese.GB18030,
	},
	{
		words:    split("회의 자료 다음 주 화요일 확인 부탁 시간 장소 기차 항구 배 표 사진 정원 편지 질문 대답 아침 저녁 여름 섬 날씨 계획 목록 방 창문 보고 내일 어제 감사합니다"),
		people:   split("김_서연 박_준호"),
		greeting: "안녕하세요", bye: "감사합니다", joint: " ", stop: ".", charset: "euc-kr", encoding: korean.EUCKR,
	},
	{
		words:    split("في من على إلى هذا مع عن اجتماع رسالة سؤال جواب غدا أمس صباح مساء سفينة جزيرة تذكرة قطار صورة حديقة قائمة غرفة نافذة أسبوع شهر شكرا لأن قبل بعد الخميس السبت الميناء الطقس"),
		people:   split("ليلى_حداد سامي_منصور"),
		greeting: "مرحبا", bye: "مع التحية", joint: " ", stop: ".", charset: "windows-1256", encoding: charmap.Windows1256,
	},
	{
		words:    split("של את על עם זה לא גם פגישה מכתב שאלה תשובה מחר אתמול בוקר ערב אונייה אי כרטיס רכבת תמונה גינה רשימה חדר חלון שבוע חודש תודה לפני אחרי נמל מזג אוויר"),
		people:   split("נועה_לוי דוד_כהן"),
		greeting: "שלום", bye: "בברכה", joint: " ", stop: ".", charset: "windows-1255", encoding: charmap.Windows1255,
	},
}

// sentence makes a sentence of n words.
func (l *language) sentence(s *source, n int) string {
	w := make([]string, n)
	for i := range w {
		w[i] = pick(s, l.words)
	}
	return strings.Join(w, l.joint) + l.stop
}

// paragraphs makes a text of about size bytes, lines of about 70 characters.
func (l *language) paragraphs(s *source, size int) string {
	var b strings.Builder
	for b.Len() < size {
		for range 2 + s.below(4) {
			for range 1 + s.below(3) {
				b.WriteString(l.sentence(s, 4+s.below(9)) + " ")
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// encode returns text in the language's old charset; what it lacks is lost.
func (l *language) encode(text string) []byte {
	if l.encoding == nil {
		return []byte(text)
	}
	b, err := encoding.ReplaceUnsupported(l.encoding.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		return []byte(text)
	}
	return b
}
