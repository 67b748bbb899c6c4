package imapsync

import (
	"context"
	"strings"

	"github.com/emersion/go-imap/v2"
	"golang.org/x/text/unicode/norm"

	"paquebot.app/localstore"
)

// uses pairs the attributes of RFC 6154 with our roles.
var uses = map[imap.MailboxAttr]localstore.Role{
	imap.MailboxAttrAll:     localstore.RoleAll,
	imap.MailboxAttrArchive: localstore.RoleArchive,
	imap.MailboxAttrDrafts:  localstore.RoleDrafts,
	imap.MailboxAttrJunk:    localstore.RoleJunk,
	imap.MailboxAttrSent:    localstore.RoleSent,
	imap.MailboxAttrTrash:   localstore.RoleTrash,
	xlistAllMail:            localstore.RoleAll,
	xlistSpam:               localstore.RoleJunk,
}

// What XLIST says beside the attributes of RFC 6154.
const (
	xlistInbox   imap.MailboxAttr = `\Inbox`
	xlistAllMail imap.MailboxAttr = `\AllMail`
	xlistSpam    imap.MailboxAttr = `\Spam`
	xlistStarred imap.MailboxAttr = `\Starred`
)

// usualNames are what servers and programs call the folders of a role where the
// server says nothing of it, by preference.
var usualNames = map[localstore.Role][]string{
	localstore.RoleSent: {"Sent", "Sent Items", "Sent Messages", "Sent Mail", "Sent-Mail", "Outgoing",
		"Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Gesendete Nachrichten", "Postausgang gesendet",
		"Envoyés", "Éléments envoyés", "Messages envoyés", "Objets envoyés", "Courrier envoyé",
		"Enviados", "Elementos enviados", "Mensajes enviados", "Correo enviado", "Itens enviados", "Mensagens enviadas", "E-mails enviados",
		"Inviata", "Posta inviata", "Elementi inviati", "Messaggi inviati", "Inviati",
		"Verzonden", "Verzonden items", "Verzonden berichten", "Wysłane", "Elementy wysłane", "Wysłane wiadomości",
		"Отправленные", "Надіслані", "送信済み", "送信済みアイテム", "送信済みメール", "送信済みトレイ", "已发送", "已发送邮件", "已發送", "寄件備份", "已傳送的郵件", "보낸 메일함", "보낸 편지함",
		"Skickat", "Skickade", "Sendte elementer", "Sendt", "Sendt post", "Sendte", "Lähetetyt", "Odeslané", "Odeslaná pošta", "Elküldött elemek", "Gönderilmiş Öğeler", "Gönderilenler", "Απεσταλμένα"},
	localstore.RoleDrafts: {"Drafts", "Draft", "Entwürfe", "Entwurf", "Brouillons", "Brouillon", "Borradores", "Rascunhos", "Bozze", "Concepten",
		"Kopie robocze", "Szkice", "Wersje robocze", "Черновики", "Чернетки", "下書き", "草稿", "草稿箱", "草稿匣", "임시보관함", "임시 보관함",
		"Utkast", "Kladder", "Luonnokset", "Koncepty", "Rozepsané", "Piszkozatok", "Taslaklar", "Πρόχειρα"},
	localstore.RoleTrash: {"Trash", "Deleted Items", "Deleted Messages", "Deleted", "Bin", "Rubbish", "Wastebasket",
		"Papierkorb", "Gelöscht", "Gelöschte Elemente", "Gelöschte Objekte", "Corbeille", "Éléments supprimés", "Messages supprimés", "Objets supprimés",
		"Papelera", "Elementos eliminados", "Lixeira", "Lixo", "Itens excluídos", "Itens eliminados", "Cestino", "Posta eliminata", "Elementi eliminati",
		"Prullenbak", "Prullenmand", "Verwijderde items", "Kosz", "Elementy usunięte", "Корзина", "Удаленные", "Удалённые", "Кошик",
		"ゴミ箱", "ごみ箱", "削除済みアイテム", "已删除", "已删除邮件", "垃圾桶", "刪除的郵件", "휴지통", "지운 편지함",
		"Papperskorgen", "Borttaget", "Papirkurv", "Slettede elementer", "Roskakori", "Koš", "Odstraněná pošta", "Lomtár", "Kuka", "Törölt elemek", "Çöp Kutusu", "Silinmiş Öğeler", "Κάδος"},
	localstore.RoleJunk: {"Junk", "Spam", "Junk E-mail", "Junk Email", "Junk Mail", "Bulk Mail", "Bulk",
		"Spamverdacht", "Spam-Verdacht", "Unerwünscht", "Junk-E-Mail", "Unerwünschte Werbung", "Courrier indésirable", "Indésirables", "Pourriel", "Pourriels",
		"Correo no deseado", "No deseado", "Lixo eletrônico", "Lixo eletrónico", "Lixo Electrónico", "Posta indesiderata", "Indesiderata", "Ongewenste e-mail", "Ongewenst",
		"Wiadomości-śmieci", "Wiadomości śmieci", "Спам", "Нежелательная почта", "迷惑メール", "垃圾邮件", "垃圾郵件", "스팸", "스팸메일함", "스팸 메일함",
		"Skräppost", "Søppelpost", "Uønsket e-post", "Uønsket mail", "Roskaposti", "Nevyžádaná pošta", "Levélszemét", "Gereksiz", "Önemsiz E-posta", "Ανεπιθύμητα"},
	localstore.RoleArchive: {"Archive", "Archives", "Archiv", "Archivo", "Archivados", "Arquivo", "Archivio", "Archief", "Archiwum", "Архив", "Архів",
		"アーカイブ", "归档", "封存", "보관함", "Arkiv", "Arkisto", "Archív", "Archívum", "Arşiv", "Αρχείο"},
	localstore.RoleAll: {"All Mail", "Alle Nachrichten", "Tous les messages", "Todos", "Todos os e-mails", "Tutti i messaggi", "Alle berichten", "Wszystkie", "Вся почта", "すべてのメール", "所有邮件"},
}

// nameOfRole is a role and how usual a name is for it: 0 is the most usual.
type nameOfRole struct {
	role localstore.Role
	rank int
}

// byName are the usual names as plainName writes them.
var byName = func() map[string]nameOfRole {
	all := map[string]nameOfRole{}
	for role, names := range usualNames {
		for i, name := range names {
			all[plainName(name)] = nameOfRole{role, i}
		}
	}
	return all
}()

// plainName writes a name so that those which look alike are equal.
func plainName(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// parents are the folders under which servers keep all others.
var parents = []string{"inbox/", "[gmail]/", "[google mail]/"}

// guess returns the role that a folder's name stands for, by a name below the
// user's own prefix. All mail is known only where Google has it.
func (l *Link) guess(f listed) (nameOfRole, bool) {
	if l.spaces.foreign(f.name, l.delimiter) {
		return nameOfRole{}, false
	}
	path, under := plainName(f.path), 0
	if own := l.spaces.personal; own != "" {
		path = strings.TrimPrefix(path, plainName(l.pathOfName(own)))
	}
	for i, prefix := range parents {
		if rest, is := strings.CutPrefix(path, prefix); is {
			path, under = rest, i+1
			break
		}
	}
	named, ok := byName[path]
	if named.role == localstore.RoleAll && under < 2 {
		return nameOfRole{}, false
	}
	if under != 0 { // one at the top is the likelier one
		named.rank += 1000
	}
	return named, ok
}

// giveRoles says what each folder is for, the inbox first of all. What the
// server says by attributes is sure. Where it says nothing of a role the names
// tell, and a folder that has had the role here keeps it. Of two names that may
// both be the Trash, or both the Junk, none is taken, unless one is called as
// Paquebot would call it: what lies there may be deleted for good.
func (l *Link) giveRoles(ctx context.Context, found []listed, attrs map[string][]imap.MailboxAttr) error {
	holds, err := l.roleNames(ctx)
	if err != nil {
		return err
	}
	sure := map[localstore.Role][]int{}
	for i, f := range found {
		if f.role == localstore.RoleInbox || l.spaces.foreign(f.name, l.delimiter) {
			continue
		}
		for _, a := range attrs[f.name] {
			if r, ok := uses[a]; ok {
				sure[r] = append(sure[r], i)
			}
		}
	}
	for _, r := range roleOrder {
		best := -1
		for _, i := range sure[r] {
			if found[i].role == localstore.RoleNone && (best < 0 || holds[r] == found[i].name) {
				best = i
			}
		}
		if best >= 0 {
			found[best].role, found[best].sure = r, true
		}
	}
	candidates := map[localstore.Role][]int{}
	ranks := map[int]int{}
	for i, f := range found {
		if f.role != localstore.RoleNone {
			continue
		}
		if named, ok := l.guess(f); ok && len(sure[named.role]) == 0 {
			candidates[named.role] = append(candidates[named.role], i)
			ranks[i] = named.rank
		}
	}
	for r, all := range candidates {
		best := -1
		for _, i := range all {
			if holds[r] == found[i].name {
				best = i
				break
			}
			if best < 0 || ranks[i] < ranks[best] {
				best = i
			}
		}
		deletes := r == localstore.RoleTrash || r == localstore.RoleJunk
		if !deletes || len(all) == 1 || holds[r] == found[best].name || ranks[best]%1000 == 0 {
			found[best].role = r
		}
	}
	return nil
}

// roleOrder is the order in which a folder that has several attributes gets one
// role: the one by which least is done to its mail.
var roleOrder = []localstore.Role{localstore.RoleArchive, localstore.RoleAll, localstore.RoleSent, localstore.RoleDrafts, localstore.RoleJunk, localstore.RoleTrash}

// roleNames returns the server's names of the folders that have a role here.
func (l *Link) roleNames(ctx context.Context) (holds map[localstore.Role]string, err error) {
	holds = map[localstore.Role]string{}
	err = l.store.Read(ctx, func(v *localstore.View) error {
		for _, r := range roleOrder {
			f, err := v.FolderByRole(l.account.ID, r)
			if missingIsNone(err) != nil {
				return err
			}
			if err != nil || !f.Remote {
				continue
			}
			rf, ok, err := v.RemoteFolderOf(f.ID)
			if err != nil {
				return err
			}
			if ok && rf.Maildrop == l.maildrop.ID {
				holds[r] = rf.Name
			}
		}
		return nil
	})
	return holds, err
}
