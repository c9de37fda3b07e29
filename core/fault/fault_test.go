package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"okoshko/core/fault"
)

func TestKindSurvivesWrapping(t *testing.T) {
	t.Parallel()
	cause := errors.New("no route")
	err := fmt.Errorf("load session: %w", fault.Wrap(fault.Unavailable, cause))
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("kind of %v is %v, want unavailable", err, fault.Of(err))
	}
	if !errors.Is(err, cause) {
		t.Errorf("%v lost its cause", err)
	}
}

func TestForeignErrorsAreInternalAndNilIsNothing(t *testing.T) {
	t.Parallel()
	if got := fault.Of(errors.New("x")); got != fault.Internal {
		t.Errorf("foreign error is %v, want internal", got)
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("nil is a failure")
	}
	if fault.Wrap(fault.Invalid, nil) != nil {
		t.Error("Wrap(nil) is not nil")
	}
}
