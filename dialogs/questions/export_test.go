package questions

// EarOf returns the ear of a content.
func EarOf(c *Content) *Ear { return c.ear }
