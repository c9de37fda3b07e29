package receipt_test

import (
	"fmt"
	"image"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"okoshko/adapters/paper/papertest"
	"okoshko/core/billing/payqr"
)

// scan reads the QR code in a file's picture; nil if it has no picture.
func scan(t testing.TB, file []byte) *payqr.Code {
	t.Helper()
	pictures := papertest.Pictures(t, file)
	if len(pictures) == 0 {
		return nil
	}
	quiet(t, pictures[0])
	bitmap, err := gozxing.NewBinaryBitmapFromImage(pictures[0])
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_CHARACTER_SET: "UTF-8",
	})
	if err != nil {
		t.Fatal(err)
	}
	if level := fmt.Sprint(result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]); level != "M" {
		t.Errorf("the code's level is %s", level)
	}
	code, err := payqr.Parse([]byte(result.GetText()))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// quiet checks that four modules of white surround a code; the pattern in its
// corner begins with seven dark ones.
func quiet(t testing.TB, img image.Image) {
	t.Helper()
	black := func(x, y int) bool { r, _, _, _ := img.At(x, y).RGBA(); return r == 0 }
	var dark image.Rectangle
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if black(x, y) {
				dark = dark.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	x := dark.Min.X
	for x < dark.Max.X && black(x, dark.Min.Y) {
		x++
	}
	if module := (x - dark.Min.X) / 7; module == 0 || dark != img.Bounds().Inset(4*module) {
		t.Errorf("the code fills %v of %v, a module is %d", dark, img.Bounds(), module)
	}
}
