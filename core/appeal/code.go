package appeal

import (
	"slices"
	"strconv"
	"strings"
)

// Code returns the number as buttons and addresses carry it, in ASCII: the place of
// its kind, its year and its serial, "1.2026.123".
func (n Number) Code() string {
	return strconv.Itoa(slices.Index(Kinds(), n.Kind)) + "." + strconv.Itoa(n.Year) + "." + strconv.Itoa(n.Serial)
}

// ParseCode reads what Code has written. The error is ErrNumber.
func ParseCode(code string) (Number, error) {
	parts := strings.Split(code, ".")
	if len(parts) != 3 {
		return Number{}, ErrNumber
	}
	var read [3]int
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return Number{}, ErrNumber
		}
		read[i] = int(n)
	}
	kind, year, serial := read[0], read[1], read[2]
	if kind >= len(Kinds()) || year < firstYear || year > lastYear || serial < 1 || len(strconv.Itoa(serial)) > mostDigits {
		return Number{}, ErrNumber
	}
	return Number{Kind: Kinds()[kind], Year: year, Serial: serial}, nil
}
