package detect

// The checks of domain.md §3.4. Their arguments hold digits alone.

// luhn is the check of bank cards and of our accounts.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// snilsValid checks eleven digits; numbers up to 001-001-998 have no check.
func snilsValid(number string) bool {
	if len(number) != 11 {
		return false
	}
	if number[:9] <= "001001998" {
		return true
	}
	sum := weighted(number[:9], []int{9, 8, 7, 6, 5, 4, 3, 2, 1})
	return sum%101%100 == value(number[9:])
}

func weighted(number string, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += int(number[i]-'0') * w
	}
	return sum
}

// value returns the number that up to eighteen digits write.
func value(number string) int {
	n := 0
	for i := range len(number) {
		n = n*10 + int(number[i]-'0')
	}
	return n
}
