package appeal

// The ways to a customer that the house goes by itself: choices of the fields
// Contact, by which he is asked (the first three), and AnswerWay, by which he is
// answered (all but the second). Their names are an administrator's to change, and
// so is what else can be chosen; these codes stay.
const (
	InChat  = "chat"
	ByPhone = "phone"
	ByEmail = "email"
	// ByPost is carried out by a person: he prints the letter, puts it into an
	// envelope and posts it.
	ByPost = "post"
)
