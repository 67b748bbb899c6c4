package outgoing

import "testing"

func TestPromisesFile(t *testing.T) {
	for text, want := range map[string]bool{
		"See the attached file.": true, "I attach the plan": true, "please find enclosed the bill": true, "anbei die Zahlen": true, "siehe Anlage": true, "Im Anhang findest du sie.": true,
		"Ci-joint le rapport": true, "Veuillez trouver en pièce jointe": true, "te adjunto la foto": true, "segue em anexo": true, "in allegato": true, "zie bijlage": true,
		"Jag bifogar": true, "vedlagt": true, "liitteenä": true, "w załączniku": true, "v příloze": true, "mellékelem": true, "Файл прикреплён": true, "во вложении": true,
		"συνημμένα": true, "dosya ektedir": true, "מצורף הקובץ": true, "تجدون المرفقات": true, "資料を添付します": true, "请见附件": true, "파일을 첨부합니다": true, "terlampir": true, "đính kèm": true,
		"> attached": false, "all well": false, "-- \nattached": false, "unattached": false, "https://example.org/attachments/1": false,
		"l'attaché de presse": false, "Der Anhänger steht im Hof": false, forwardMark + "\nattached": false, "": false,
	} {
		if got := PromisesFile(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
