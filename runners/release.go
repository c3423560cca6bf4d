package runners

// Release is a version of a system and the day of its release, as 2006-01-02.
type Release struct{ Version, Day string }

// Of is the day on which a version was released, "" if it is another version
// than that of r, whose day is not known.
func (r Release) Of(version string) string {
	if version == r.Version {
		return r.Day
	}
	return ""
}
